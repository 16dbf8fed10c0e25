import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadManifest, modelsDir } from '@openfrs/models';
import { addSet } from '@openfrs/models/build';
import { photo } from '@openfrs/testing/photos';
import { describeWithModels, itWithData, sharedData, sharedModel } from '@openfrs/testing/shared-data';
import { decodePicture } from '@openfrs/vision/image';
import { createFacePipeline, type Rect } from '@openfrs/vision/pipeline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLiveness, type LocalLiveness } from '../create-liveness.ts';
import { logitOf } from './anti-spoof.ts';

let liveness: LocalLiveness | undefined;
afterEach(async () => {
  await liveness?.close();
  liveness = undefined;
});

/** Confidences of the packaged photos that show one large face. */
async function judged(modelsDir?: string) {
  liveness = await createLiveness(modelsDir === undefined ? {} : { modelsDir });
  const of = liveness;
  return {
    live: await Promise.all(
      ([1, 2, 3, 4, 5, 6] as const).map(async (number) => (await of.judgePhoto(photo(number))).confidence),
    ),
    printed: async () =>
      (await of.judgePhoto(await readFile(sharedData('spoof/minivision_F1.jpg') ?? ''))).confidence,
  };
}

describe('photos judged by the default model', () => {
  it('of people pass', async () => {
    const { live } = await judged();
    for (const confidence of live) expect(confidence).toBeGreaterThan(0.5);
  });

  itWithData('of a print do not', async () => {
    expect(await (await judged()).printed()).toBeLessThan(0.2);
  });
});

describe('a model with a wider crop', () => {
  it('says the lower of both logits, after what people’s are lower by, where the picture has room, and that of its own crop where it has none', async () => {
    const pipeline = await createFacePipeline({ threads: 1 });
    const [model] = pipeline.registry.all('anti-spoof');
    const frame = await decodePicture(photo(1));
    const [face] = await pipeline.detectFaces(frame);
    if (model === undefined || face === undefined) throw new Error('There is no model or no face.');
    const logit = (box: Rect, scale: number, wider?: number, lower = 0) => {
      const crop = {
        kind: 'rect',
        of: 'box',
        fit: 'shift',
        scale,
        ...(wider === undefined ? {} : { wider: { scale: wider, lower } }),
      } as const;
      return logitOf(pipeline.sessions, { ...model, crop }, frame, box);
    };
    const small = { x: face.x + face.width / 4, y: face.y, width: face.width / 2, height: face.height / 2 };
    const [near, wide] = [await logit(small, 1), await logit(small, 2)];
    expect(near).not.toBeCloseTo(wide, 2);
    expect(await logit(small, 1, 2)).toBe(Math.min(near, wide));
    expect(await logit(small, 2, 1)).toBe(Math.min(near, wide));
    expect(await logit(small, 1, 2, 30)).toBe(near);
    expect(await logit(small, 1, 2, -30)).toBeCloseTo(wide - 30, 4);
    const whole = { x: 0, y: 0, width: frame.width, height: frame.height };
    expect(await logit(whole, 1, 2)).toBe(await logit(whole, 1));
    await pipeline.close();
  });
});

describeWithModels('photos judged by the recommended models together', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'openfrs-fused-'));
    for (const file of await readdir(modelsDir())) {
      if (/\.onnx$/.test(file) && !file.startsWith('minifasnet')) {
        await symlink(join(modelsDir(), file), join(dir, file));
      }
    }
    await addSet('recommended', { dir, from: dirname(sharedModel('minifasnet_v2_27.onnx') ?? '') });
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('of people pass, as with each model by its own threshold', async () => {
    expect(loadManifest().sets.recommended?.['anti-spoof']).toHaveLength(4);
    const { live } = await judged(dir);
    for (const confidence of live) expect(confidence).toBeGreaterThan(0.5);
  });

  itWithData('of a print do not', async () => {
    expect(await (await judged(dir)).printed()).toBeLessThan(0.5);
  });
});
