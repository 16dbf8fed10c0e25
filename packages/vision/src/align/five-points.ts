import type { Point } from '@openfrs/core';
import type { FaceMesh } from '../frame.ts';
import { landmarks } from '../mesh/landmarks.ts';
import { type Affine, invert } from './affine.ts';
import { similarityTransform } from './umeyama.ts';

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
export function fivePoints(mesh: FaceMesh): Point[] {
  const point = (index: number): Point => ({
    x: mesh.points[index * 3] as number,
    y: mesh.points[index * 3 + 1] as number,
  });
  const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  return [
    middle(point(landmarks.rightEyeOuter), point(landmarks.rightEyeInner)),
    middle(point(landmarks.leftEyeOuter), point(landmarks.leftEyeInner)),
    point(landmarks.noseTip),
    point(landmarks.mouthRight),
    point(landmarks.mouthLeft),
  ];
}

/** The map from an aligned crop (112²) into the frame. The template counts from pixel centres, the mesh from edges. */
export function alignmentMap(mesh: FaceMesh): Affine {
  const points = fivePoints(mesh).map(({ x, y }) => ({ x: x - 0.5, y: y - 0.5 }));
  return invert(similarityTransform(points, arcfaceTemplate));
}
