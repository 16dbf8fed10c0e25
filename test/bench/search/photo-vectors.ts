import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@openfrs/core';
import { extractTemplate, openVectorCache, readPeople } from '@openfrs/vision/evaluation';
import { createFacePipeline } from '@openfrs/vision/pipeline';

/**
 * The vectors that the default embedder gives the faces of a folder's photos (a folder a person), as they are enrolled; kept beside those
 * of `npm run bench accuracy`. Undefined where there is no such folder.
 */
export async function photoVectors(folder: string): Promise<Float32Array[] | undefined> {
  if (!existsSync(folder)) return undefined;
  const pipeline = await createFacePipeline({ modelsDir: readConfig().modelsDir });
  try {
    const cache = await openVectorCache(join(tmpdir(), 'openfrs-accuracy'), pipeline);
    const vectors: Float32Array[] = [];
    for (const { file } of await readPeople(folder)) {
      const face = await extractTemplate(pipeline, file, cache);
      if (face !== undefined) vectors.push(face.enrolled);
    }
    return vectors;
  } finally {
    await pipeline.close();
  }
}
