import { type Decoder, outputOf, rowsOf } from './decoder.ts';

export interface CropMesh {
  /** 468 × (x, y, z) in pixels of the crop, whose edges lie at whole numbers. */
  readonly points: Float32Array;
  /** The network's own score that an upright face is there, [0, 1]. */
  readonly presence: number;
}

/** MediaPipe FaceMesh. */
export const decodeFaceMesh: Decoder<CropMesh> = (outputs, { pixels }) => {
  const presence = outputOf(outputs, 'flag');
  return rowsOf(outputOf(outputs, 'mesh'), pixels.count).map((points, index) => ({
    points,
    presence: presence[index] as number,
  }));
};
