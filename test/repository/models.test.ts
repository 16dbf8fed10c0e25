import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { attributeCodes } from '@openfrs/contract';
import { createLiveness } from '@openfrs/liveness';
import { loadManifest } from '@openfrs/models';
import { createVision } from '@openfrs/vision';
import { onnx } from '@openfrs/vision/onnxruntime';
import type Sharp from 'sharp';
import { expect, test, vi } from 'vitest';
import { photo } from '../support/photos.ts';

const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

/*
 * A model that nothing runs still costs every Lambda its bytes in the layer, and every process the time to hash it.
 */
test('every model of the default set is run by detection, attributes, embedding or liveness', async () => {
  const opened = vi.spyOn(onnx.InferenceSession, 'create');
  const vision = await createVision();
  const liveness = await createLiveness({ pipeline: vision.pipeline });
  try {
    for (const number of [1, 2, 3, 4, 5, 6] as const)
      await vision.detect(photo(number), { attributes: attributeCodes });
    // Blurred faces are in doubt, which the object detector is asked about.
    await vision.detect(await sharp(photo(1)).resize(640).blur(6).jpeg().toBuffer());
    await vision.describe(photo(1), { faces: 'largest' });
    await liveness.judgePhoto(photo(1));
    const run = opened.mock.calls.map(([file]) => basename(String(file), '.onnx'));
    expect(new Set(run)).toEqual(new Set(Object.values(loadManifest().sets.npm ?? {}).flat()));
  } finally {
    opened.mockRestore();
    await vision.close();
  }
});
