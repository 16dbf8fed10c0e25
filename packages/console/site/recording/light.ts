/** What a small grey picture tells of the light on a face. */
export interface Light {
  /** 95 % of the face's pixels are at most so bright, [0, 255]: highlights, which dark skin has too. */
  readonly highlights: number;
  /** How far the mean brightness of the face's halves is apart, over that of the face. */
  readonly sideways: number;
  /** Brightness around the face, over that of the face. */
  readonly behind: number;
  /** Mean square of the Laplacian over the variance: how much of the contrast is in fine detail. */
  readonly sharpness: number;
}

/** An ellipse in pixels of the picture. */
export interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
}

/**
 * Where a face belongs: four fifths of the picture's height, less in a picture that is narrow.
 * @param width of a picture in pixels
 */
export function ovalIn(width: number, height: number): Ellipse {
  const radiusY = Math.min(0.4 * height, 0.6 * width);
  return { x: width / 2, y: height / 2, radiusX: radiusY * 0.75, radiusY };
}

/** @param rgba of a canvas, four bytes a pixel */
export function greyOf(rgba: Uint8ClampedArray): Float32Array {
  const grey = new Float32Array(rgba.length / 4);
  // BT.601
  for (let i = 0; i < grey.length; i++)
    grey[i] = 0.299 * rgba[4 * i]! + 0.587 * rgba[4 * i + 1]! + 0.114 * rgba[4 * i + 2]!;
  return grey;
}

/** Of the ellipse's pixels; `behind` of those that are well outside of it. */
export function lightOf(grey: Float32Array, width: number, height: number, face: Ellipse): Light {
  const inside: number[] = [];
  const halves = { left: new Mean(), right: new Mean() };
  const outside = new Mean();
  const detail = new Mean();
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const distance = ((x - face.x) / face.radiusX) ** 2 + ((y - face.y) / face.radiusY) ** 2;
      const at = y * width + x;
      const value = grey[at]!;
      if (distance > 2) outside.add(value);
      if (distance > 1) continue;
      inside.push(value);
      (x < face.x ? halves.left : halves.right).add(value);
      const laplacian = 4 * value - grey[at - 1]! - grey[at + 1]! - grey[at - width]! - grey[at + width]!;
      detail.add(laplacian ** 2);
    }
  }
  inside.sort((one, other) => one - other);
  const mean = inside.reduce((sum, value) => sum + value, 0) / Math.max(1, inside.length);
  const variance = inside.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, inside.length);
  const least = Math.max(1, mean);
  return {
    highlights: inside[Math.floor(inside.length * 0.95)] ?? 0,
    sideways: Math.abs(halves.left.value - halves.right.value) / least,
    behind: outside.value / least,
    sharpness: detail.value / Math.max(1, variance),
  };
}

class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count += 1;
  }

  get value(): number {
    return this.#sum / Math.max(1, this.#count);
  }
}
