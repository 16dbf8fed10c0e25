import { cropFaces, type FacePipeline, type Frame, landmarks, type Rect } from '@openfrs/vision/pipeline';

/** Where a printed face has what attacks are aimed at, in widths of the print from its middle; right and down > 0. */
export interface Features {
  readonly middle: number;
  readonly eyes: number;
  readonly nose: number;
  readonly mouth: number;
  /** Half the face's width. */
  readonly half: number;
}

/** A square photo of one face, as one would print it for an attack. */
export interface Print {
  readonly frame: Frame;
  readonly face: Features;
  /** The face's box that it was cut around, in its picture. */
  readonly crop: Rect;
}

const side = 480;
/** The print's side over the face's. */
const margin = 1.8;

/** A print of the largest face, or around a given box; the face fills about half of it. Undefined without one. */
export async function printOf(
  pipeline: FacePipeline,
  picture: Frame,
  crop?: Rect,
): Promise<Print | undefined> {
  const [found] = await pipeline.detectFaces(picture);
  const face = crop ?? found;
  if (face === undefined) return undefined;
  const size = Math.max(face.width, face.height);
  const region = { centreX: face.x + face.width / 2, centreY: face.y + face.height / 2, size, degrees: 0 };
  const { crops } = await cropFaces(picture, [region], { kind: 'square', scale: margin, side });
  const span = size * margin;
  const frame = { width: side, height: side, data: crops.data };
  const { points } = await pipeline.faceMesh(picture, face);
  const x = (index: number) => ((points[index * 3] ?? 0) - face.x - face.width / 2) / span;
  const y = (index: number) => ((points[index * 3 + 1] ?? 0) - face.y - face.height / 2) / span;
  const { leftCheek, rightCheek, upperLip, lowerLip } = landmarks;
  return {
    frame,
    crop: face,
    face: {
      middle: x(1),
      eyes: (y(33) + y(263)) / 2,
      nose: y(1),
      mouth: (y(upperLip) + y(lowerLip)) / 2,
      half: Math.abs(x(leftCheek) - x(rightCheek)) / 2,
    },
  };
}
