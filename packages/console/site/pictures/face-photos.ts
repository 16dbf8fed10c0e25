import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { Listeners } from '../api/listeners.ts';
import type { Box, SetFace } from '../api/responses.ts';
import { imageIdOf, namesIn, personOf } from '../enrolment/ids.ts';
import { photoPath } from '../people/name.ts';

export interface PathFile {
  /** Within the folder that was chosen, with `/`. */
  readonly path: string;
  readonly file: File;
}

/** A photo of a face, with the face's box where it is known to be the photo that the box is of. */
export interface Picture {
  readonly photo: File;
  readonly box?: Box;
}

/**
 * Photos of people, for this tab only: the service keeps none. They come from a folder that the user chooses, matched by the
 * path that was kept with a face, or by the name of the person's folder or of the file; and from what was enrolled here. A folder
 * is of one set: people of another with the same names are others.
 */
export class FacePhotos {
  readonly #byFace = new Map<string, File>();
  readonly #byPath = new Map<string, File[]>();
  readonly #byId = new Map<string, File[]>();
  readonly #listeners = new Listeners();
  #files = 0;
  #version = 0;

  /** How many photos were taken from folders. */
  get files(): number {
    return this.#files;
  }

  /** How many faces have the photo that they were added from. */
  get enrolled(): number {
    return this.#byFace.size;
  }

  get version(): number {
    return this.#version;
  }

  addFolder(set: string, files: readonly PathFile[]): void {
    for (const { path, file } of files) {
      add(this.#byPath, keyOf(set, path), file);
      // As enrolment may have named them: after the folder that holds the photo, or the outermost.
      const names = new Set([namesIn(path)[0] ?? path, personOf(path)]);
      for (const name of names) add(this.#byId, keyOf(set, imageIdOf(name)), file);
    }
    this.#files += files.length;
    this.#tell();
  }

  /** The photo that a face was added from. */
  remember(faceId: string, photo: File): void {
    this.#byFace.set(faceId, photo);
    this.#tell();
  }

  of(set: string, face: SetFace): Picture | undefined {
    const path = photoPath(face);
    const known = this.#byFace.get(face.face_id);
    if (known) return { photo: known, box: face.bounding_box };
    const own = path === undefined ? [] : (this.#byPath.get(keyOf(set, path)) ?? []);
    // Of two folders with the same path nothing tells which one the face is of.
    if (own.length > 1) return undefined;
    if (own[0]) return { photo: own[0], box: face.bounding_box };
    const [first, ...more] = this.#byId.get(keyOf(set, face.external_image_id)) ?? [];
    if (!first) return undefined;
    // Of several photos of a person nothing tells which one the box is of.
    return more.length === 0 ? { photo: first, box: face.bounding_box } : { photo: first };
  }

  listen(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  #tell(): void {
    this.#version += 1;
    this.#listeners.tell();
  }
}

const keyOf = (set: string, name: string): string => `${set}\n${name}`;

/** A folder that is chosen again brings the same files. */
function add(files: Map<string, File[]>, key: string, file: File): void {
  const isSame = (one: File) => one.size === file.size && one.lastModified === file.lastModified;
  files.set(key, [...(files.get(key) ?? []).filter((one) => !isSame(one)), file]);
}

export const FacePhotosContext = createContext<FacePhotos | undefined>(undefined);

/** The photos, and the page drawn again when photos come in. */
export function useFacePhotos(): FacePhotos {
  const facePhotos = useContext(FacePhotosContext) as FacePhotos;
  const [, setVersion] = useState(facePhotos.version);
  useEffect(() => facePhotos.listen(() => setVersion(facePhotos.version)), [facePhotos]);
  return facePhotos;
}
