import type { FaceBox, FaceMesh, FacePipeline, Frame } from '@openfrs/vision/pipeline';
import { describe, expect, it, vi } from 'vitest';
import { encodeBestFrame } from './best-frame.ts';

const box: FaceBox = { x: 4, y: 4, width: 8, height: 10, score: 1, angle: 0 };
const candidate = (width: number) => ({
  frame: { width, height: 16, data: new Uint8Array(width * 16 * 3) },
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
  it('is the first in which a quick pass finds the face: nothing slower is asked', async () => {
    const { pipeline, detectFaces } = pipelineThatFinds((width, quick) => width === 32 && quick);
    expect(await encodeBestFrame(pipeline, [candidate(16), candidate(32)])).toBeDefined();
    expect(detectFaces).toHaveBeenCalledTimes(2);
  });

  it('is one that only the whole detection finds, where no quick pass does', async () => {
    const { pipeline } = pipelineThatFinds((_, quick) => !quick);
    expect(await encodeBestFrame(pipeline, [candidate(16)])).toBeDefined();
  });

  it('is none where no face is found', async () => {
    const { pipeline } = pipelineThatFinds(() => false);
    expect(await encodeBestFrame(pipeline, [candidate(16)])).toBeUndefined();
  });
});
