import { decodePicture } from '@openfrs/vision/image';
import type { FaceBox, FaceMesh, FacePipeline, Frame } from '@openfrs/vision/pipeline';
import { describe, expect, it, vi } from 'vitest';
import { encodeBestFrame } from './best-frame.ts';

const box: FaceBox = { x: 4, y: 4, width: 8, height: 10, score: 1, angle: 0 };
const candidate = (width: number) => ({
  frame: { width, height: 100, data: new Uint8Array(width * 100 * 3) },
  mesh: { points: new Float32Array(0), presence: 1 } satisfies FaceMesh,
  score: 1,
});

/** A detector that finds a face where it is told to, by the frame's width and whether the pass is quick. */
function pipelineThatFinds(finds: (width: number, quick: boolean) => boolean) {
  const detectFaces = vi.fn(async ({ width }: Frame, options?: { readonly quick?: boolean }) =>
    finds(width, options?.quick === true) ? [box] : [],
  );
  return { pipeline: { detectFaces } as unknown as FacePipeline, detectFaces };
}

describe('the best frame', () => {
  it('is the best candidate in which the whole detection finds the face, though a quick pass finds a worse one', async () => {
    const { pipeline, detectFaces } = pipelineThatFinds((width, quick) => !quick || width === 120);
    const picture = await encodeBestFrame(pipeline, [candidate(100), candidate(120)]);
    expect((await decodePicture(picture ?? new Uint8Array())).width).toBe(100);
    expect(detectFaces).toHaveBeenCalledTimes(1);
  });

  it('is none that only a quick pass finds the face in', async () => {
    const { pipeline } = pipelineThatFinds((width, quick) => quick || width === 120);
    const picture = await encodeBestFrame(pipeline, [candidate(100), candidate(120)]);
    expect((await decodePicture(picture ?? new Uint8Array())).width).toBe(120);
    expect(await encodeBestFrame(pipeline, [candidate(100)])).toBeUndefined();
  });
});
