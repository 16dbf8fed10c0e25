import { sha256 } from '../runtime/cache.ts';
import type { ModelEntry } from '../runtime/manifest.ts';

/** A model's file, if it is the manifest's byte for byte. @throws Error it isn't: with the sha256 that it has */
export function asInManifest(entry: ModelEntry, bytes: Uint8Array, made: 'built' | 'converted'): Uint8Array {
  const hash = sha256(bytes);
  if (hash === entry.sha256) return bytes;
  throw new Error(
    `The model ${entry.id} was ${made} but its bytes are not those of the manifest: their sha256 is ${hash}.`,
  );
}
