import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Box, SetFace } from '../api/responses.ts';
import { imageIdOf, personOf } from '../enrolment/ids.ts';
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
 * path that was kept with a face, or by the name of the person's folder or of the file; and from what was enrolled here.
 */
export class PictureBook {
  readonly #byFace = new Map<string, File>();
  readonly #byPath = new Map<string, File>();
  readonly #byId = new Map<string, File[]>();
  readonly #listeners = new Set<() => void>();
  #files = 0;
  #version = 0;

  /** How many photos were taken from folders. */
  get files(): number {
    return this.#files;
  }

  get version(): number {
    return this.#version;
  }

  addFolder(files: readonly PathFile[]): void {
    for (const { path, file } of files) {
      this.#byPath.set(path, file);
      const id = imageIdOf(personOf(path));
      this.#byId.set(id, [...(this.#byId.get(id) ?? []), file]);
    }
    this.#files += files.length;
    this.#tell();
  }

  /** The photo that a face was added from. */
  remember(faceId: string, photo: File): void {
    this.#byFace.set(faceId, photo);
    this.#tell();
  }

  of(face: SetFace): Picture | undefined {
    const path = photoPath(face);
    const own = this.#byFace.get(face.face_id) ?? (path === undefined ? undefined : this.#byPath.get(path));
    if (own) return { photo: own, box: face.bounding_box };
    const [first, ...more] = this.#byId.get(face.external_image_id) ?? [];
    if (!first) return undefined;
    // Of several photos of a person nothing tells which one the box is of.
    return more.length === 0 ? { photo: first, box: face.bounding_box } : { photo: first };
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}

const PictureBookContext = createContext(new PictureBook());

/** The book, and the page drawn again when photos come in. */
export function usePictureBook(): PictureBook {
  const book = useContext(PictureBookContext);
  const [, setVersion] = useState(book.version);
  useEffect(() => book.listen(() => setVersion(book.version)), [book]);
  return book;
}
