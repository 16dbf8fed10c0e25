/** Numbers of single points in MediaPipe's 468-point mesh; left and right are the subject's own. */
export const landmarks = {
  rightEyeOuter: 33,
  rightEyeInner: 133,
  leftEyeOuter: 263,
  leftEyeInner: 362,
  noseTip: 4,
  noseBase: 2,
  mouthRight: 61,
  mouthLeft: 291,
  upperLip: 13,
  lowerLip: 14,
  innerMouthRight: 78,
  innerMouthLeft: 308,
  foreheadTop: 10,
  chin: 152,
  rightCheek: 234,
  leftCheek: 454,
} as const;

/**
 * MediaPipe's contours (face_mesh_connections.py), each closed line in order, for the `landmark` of
 * face-detect: both eyes, both eyebrows, outer and inner lips, the face's outline, the nose's ridge and wings.
 */
export const contours = {
  eyes: [
    [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246],
    [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466],
  ],
  eyebrow: [
    [46, 53, 52, 65, 55, 107, 66, 105, 63, 70],
    [276, 283, 282, 295, 285, 336, 296, 334, 293, 300],
  ],
  mouth: [
    [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185],
    [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191],
  ],
  face: [
    [
      10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176,
      149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
    ],
  ],
  nose: [
    [168, 6, 197, 195, 5, 4],
    [98, 97, 2, 326, 327],
  ],
} as const;
