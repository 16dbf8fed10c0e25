import type { FaceBox, FaceMesh, FacePipeline } from '@openfrs/vision/pipeline';
import { describe, expect, it } from 'vitest';
import { lookAgain } from './second-look.ts';
import { faceSignals } from './signals.ts';

const [width, height] = [640, 480];
const frame = { width, height, data: new Uint8Array() };
const box: FaceBox = { x: 270, y: 170, width: 100, height: 140, score: 0.95, angle: 0 };

/** A flat face, turned by so many degrees. */
function meshAt(yaw: number, presence: number, right = 0): FaceMesh {
  const points = new Float32Array(468 * 3);
  const turn = (yaw * Math.PI) / 180;
  for (const [index, [across, down]] of Object.entries(places)) {
    points.set(
      [320 + right + across * Math.cos(turn), 240 + down, across * Math.sin(turn)],
      3 * Number(index),
    );
  }
  return { points, presence };
}
/** Where landmarks lie: subject's right < 0. Those left out lie in the middle. */
const places: Record<number, readonly [number, number]> = Object.fromEntries([
  ...Array.from({ length: 468 }, (_, i) => [i, [0, 0]]),
  ...[33, 133, 234, 127, 162, 21, 54, 116, 117, 123, 50, 98].map((i) => [i, [-50, -20]]),
  ...[263, 362, 454, 356, 389, 251, 284, 345, 346, 352, 280, 327].map((i) => [i, [50, -20]]),
  ...[10, 152].map((i, k) => [i, [0, k === 0 ? -70 : 70]]),
]);

/** A pipeline whose detector sees these boxes, and whose mesh model finds one after the other. */
function pipelineOf(boxes: readonly FaceBox[], meshes: readonly FaceMesh[]) {
  const left = [...meshes];
  const crops: number[] = [];
  const pipeline: Pick<FacePipeline, 'faceMesh'> = {
    faceMesh: async (_, { x }) => {
      crops.push(x);
      return left.shift() as FaceMesh;
    },
  };
  return { pipeline, crops, detect: async () => boxes };
}

const yawOf = (mesh: FaceMesh | undefined) => mesh && Math.round(faceSignals(mesh, width, height).yaw);

describe('landmarks that the mesh model doubts', () => {
  it('are taken where three crops of the detector’s box agree on the turn', async () => {
    const { pipeline, crops, detect } = pipelineOf(
      [box],
      [meshAt(22, 0.1), meshAt(23, 0.4), meshAt(20.5, 0.02)],
    );
    const { mesh, byDetector } = await lookAgain(pipeline, frame, meshAt(5, 0.3), detect);
    expect({ byDetector, yaw: yawOf(mesh) }).toEqual({ byDetector: true, yaw: 22 });
    expect(crops).toEqual([270, 262, 278]);
  });

  it('are none where the crops tell different turns, though the face is seen', async () => {
    const { pipeline, detect } = pipelineOf([box], [meshAt(-9, 0.03), meshAt(-26, 0.03), meshAt(-53, 0.1)]);
    expect(await lookAgain(pipeline, frame, meshAt(-40, 0.1), detect)).toEqual({ byDetector: true });
  });

  it('are exchanged for those of the box where the model is sure of these', async () => {
    const sure = meshAt(30, 0.99);
    const { pipeline, detect } = pipelineOf([box], [sure]);
    expect(await lookAgain(pipeline, frame, meshAt(5, 0.3), detect)).toEqual({
      mesh: sure,
      byDetector: false,
    });
  });

  it.each([
    ['sees no face', []],
    ['sees one elsewhere', [{ ...box, x: 480 }]],
  ])('stay in doubt where the detector %s', async (_, boxes) => {
    const { pipeline, detect } = pipelineOf(boxes, [meshAt(22, 0.1, 210)]);
    const doubted = meshAt(22, 0.1);
    expect(await lookAgain(pipeline, frame, doubted, detect)).toEqual({ mesh: doubted, byDetector: false });
  });
});

it('landmarks that the model is sure of are not looked at again', async () => {
  const { pipeline, crops, detect } = pipelineOf([], []);
  const sure = meshAt(3, 0.6);
  expect(await lookAgain(pipeline, frame, sure, detect)).toEqual({ mesh: sure, byDetector: false });
  expect(crops).toEqual([]);
});
