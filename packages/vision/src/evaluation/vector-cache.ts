import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FacePipeline } from '../pipelines/face-pipeline.ts';

/** Keeps what was computed of a picture: a network's vectors, or that there is no face. */
export interface VectorCache {
  /** @param key what the vectors depend on besides the models and the code that runs them: the picture, what was done to it */
  get(
    key: readonly (string | Uint8Array)[],
    compute: () => Promise<Float32Array | undefined>,
  ): Promise<Float32Array | undefined>;
}

/** Computes every time. */
export const noCache: VectorCache = { get: (_key, compute) => compute() };

/**
 * A file a picture in `dir`. Kept apart by the models in use and by this package's code from pictures to vectors, so that a
 * change of either is measured anew.
 */
export async function openVectorCache(dir: string, pipeline: FacePipeline): Promise<VectorCache> {
  const version = await pipelineDigest(pipeline);
  await mkdir(dir, { recursive: true });
  return {
    async get(key, compute) {
      const hash = createHash('sha256').update(version);
      for (const part of key) hash.update(part).update('\0');
      const file = join(dir, `${hash.digest('hex').slice(0, 40)}.f32`);
      const kept = await readFile(file).catch(() => undefined);
      if (kept) return kept.length === 0 ? undefined : new Float32Array(Uint8Array.from(kept).buffer);
      const vector = await compute();
      const part = `${file}.${process.pid}`;
      await writeFile(
        part,
        vector ? new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength) : '',
      );
      await rename(part, file);
      return vector;
    },
  };
}

/** Folders of this package that don't touch what a network answers. */
const apart =
  /^(?:evaluation\/(?!degradations)|calibration\/|attributes\/|quality\/|embedding\/|create-vision|index|pipeline\.ts)/;

async function pipelineDigest({ registry }: FacePipeline): Promise<string> {
  const hash = createHash('sha256');
  for (const role of ['detector', 'mesh', 'embedder', 'objects'] as const) {
    for (const { sha256 } of registry.all(role)) hash.update(sha256);
  }
  const source = fileURLToPath(new URL('..', import.meta.url));
  const names = (await readdir(source, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /(?<!\.test)\.[jt]s$/.test(entry.name))
    .map((entry) => relative(source, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((name) => !apart.test(name))
    .sort();
  for (const name of names) hash.update(name).update(await readFile(join(source, name)));
  return hash.digest('hex');
}
