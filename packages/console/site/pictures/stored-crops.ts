import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Api } from '../api/api.ts';
import { Listeners } from '../api/listeners.ts';
import { jpegFile } from './jpeg-file.ts';

/** The server takes so many at once. */
const batch = 100;

/**
 * Crops of faces that the service keeps, where its operator has it keep them: asked for as they are shown, those of one turn of the
 * event loop together, and held in memory.
 */
export class StoredCrops {
  readonly #api: Api;
  /** By set and face; undefined: the service has none, or was asked just now. */
  readonly #crops = new Map<string, File | undefined>();
  #wanted: { readonly set: string; readonly faceId: string }[] = [];
  readonly #listeners = new Listeners();

  constructor(api: Api) {
    this.#api = api;
  }

  /** The crop if it is here; else it is asked for, and listeners are told once it has come. */
  of(set: string, faceId: string): File | undefined {
    if (this.#api.session.keepsCrops !== true) return undefined;
    const key = keyOf(set, faceId);
    if (!this.#crops.has(key)) {
      this.#crops.set(key, undefined);
      if (this.#wanted.length === 0) setTimeout(() => void this.#read());
      this.#wanted.push({ set, faceId });
    }
    return this.#crops.get(key);
  }

  listen(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  async #read(): Promise<void> {
    const wanted = this.#wanted;
    this.#wanted = [];
    for (const set of new Set(wanted.map((one) => one.set))) {
      const ids = wanted.filter((one) => one.set === set).map(({ faceId }) => faceId);
      for (let at = 0; at < ids.length; at += batch) await this.#readSome(set, ids.slice(at, at + batch));
    }
  }

  /** Without an answer the faces are neutral tiles, and are asked for again when they are shown again. */
  async #readSome(set: string, ids: readonly string[]): Promise<void> {
    const json = { face_set_name: set, face_ids: ids };
    try {
      const { crops } = await this.#api.ask<{ readonly crops: Readonly<Record<string, string>> }>({
        method: 'POST',
        path: 'console/crops',
        json,
      });
      for (const [id, text] of Object.entries(crops))
        this.#crops.set(keyOf(set, id), jpegFile(text, `${id}.jpg`));
    } catch {
      for (const id of ids) this.#crops.delete(keyOf(set, id));
      return;
    }
    this.#listeners.tell();
  }
}

const keyOf = (set: string, faceId: string): string => `${set}\n${faceId}`;

export const StoredCropsContext = createContext<StoredCrops | undefined>(undefined);

/** The crop of a face that has no other picture, and its tile drawn again once it has come. */
export function useStoredCrop(set: string, faceId: string, isWanted: boolean): File | undefined {
  const crops = useContext(StoredCropsContext) as StoredCrops;
  const [crop, setCrop] = useState<File>();
  useEffect(() => {
    if (!isWanted) return setCrop(undefined);
    const look = () => setCrop(crops.of(set, faceId));
    look();
    return crops.listen(look);
  }, [crops, set, faceId, isWanted]);
  return crop;
}
