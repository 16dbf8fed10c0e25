import type { Point } from '@openfrs/core';
import { type Affine, invert } from '../geometry/affine.ts';
import type { FaceMesh } from '../geometry/frame.ts';
import { landmarks } from '../geometry/topology.ts';
import { similarityTransform } from '../geometry/umeyama.ts';

/**
 * ArcFace's places of the eyes, the nose's tip and the mouth's corners in a crop of 112²
 * (InsightFace, face_align.py, `arcface_dst`).
 */
export const arcfaceTemplate: readonly Point[] = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];

/** The same five points of a face: eyes as the middle of their corners; picture's left one first. */
function fivePoints(mesh: FaceMesh): Point[] {
  const point = (index: number) => pointOf(mesh, index);
  const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  return [
    middle(point(landmarks.rightEyeOuter), point(landmarks.rightEyeInner)),
    middle(point(landmarks.leftEyeOuter), point(landmarks.leftEyeInner)),
    point(landmarks.noseTip),
    point(landmarks.mouthRight),
    point(landmarks.mouthLeft),
  ];
}

/**
 * dlib's mean face for five points, in 0..1 of its box: the corners of the left eye (outer, inner) and the right one,
 * and the nose's base (dlib, image_transforms/interpolation.h, `get_face_chip_details`).
 */
const dlibMeanFace: readonly Point[] = [
  { x: 0.8595674595992, y: 0.2134981538014 },
  { x: 0.6460604764104, y: 0.2289674387677 },
  { x: 0.1205750620789, y: 0.2137274526848 },
  { x: 0.3340850613712, y: 0.2290642403242 },
  { x: 0.4901123135679, y: 0.6277975316475 },
];
const dlibPoints = [
  landmarks.leftEyeOuter,
  landmarks.leftEyeInner,
  landmarks.rightEyeOuter,
  landmarks.rightEyeInner,
  landmarks.noseBase,
] as const;
/** Room around dlib's box, as a share of its side; its recogniser was trained with this. */
const dlibPadding = 0.25;

/** A template of landmarks that embedders are trained with. */
export type AlignmentTemplate = 'arcface' | 'dlib';

/** The map from an aligned crop of `side` pixels into the frame. */
export function alignmentMap(mesh: FaceMesh, template: AlignmentTemplate, side: number): Affine {
  // Templates count from pixel centres, the mesh from pixel edges.
  const centred = (points: readonly Point[]) => points.map(({ x, y }) => ({ x: x - 0.5, y: y - 0.5 }));
  if (template === 'dlib') {
    const place = (share: number) => ((dlibPadding + share) / (2 * dlibPadding + 1)) * side;
    const target = dlibMeanFace.map(({ x, y }) => ({ x: place(x), y: place(y) }));
    return invert(similarityTransform(centred(dlibPoints.map((index) => pointOf(mesh, index))), target));
  }
  const target = arcfaceTemplate.map(({ x, y }) => ({ x: (x * side) / 112, y: (y * side) / 112 }));
  return invert(similarityTransform(centred(fivePoints(mesh)), target));
}

function pointOf(mesh: FaceMesh, index: number): Point {
  return { x: mesh.points[index * 3] as number, y: mesh.points[index * 3 + 1] as number };
}
