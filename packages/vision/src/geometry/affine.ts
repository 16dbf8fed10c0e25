/** A 2 × 3 affine map: (x, y) → (a·x + b·y + tx, c·x + d·y + ty). */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly c: number;
  readonly d: number;
  readonly ty: number;
}

/** The inverse map. The map must not be degenerate. */
export function invert(map: Affine): Affine {
  const determinant = map.a * map.d - map.b * map.c;
  const a = map.d / determinant;
  const b = -map.b / determinant;
  const c = -map.c / determinant;
  const d = map.a / determinant;
  return { a, b, c, d, tx: -(a * map.tx + b * map.ty), ty: -(c * map.tx + d * map.ty) };
}

/** How many source pixels one step in the target spans, for a map from target to source. */
export function stride(map: Affine): number {
  return Math.sqrt(Math.abs(map.a * map.d - map.b * map.c));
}

/**
 * Target (an upright square of `side` pixels) → source (a square of `span` pixels around a centre, turned by
 * `degrees` clockwise). Pixel centres are at halves.
 */
export function squareMap(
  centreX: number,
  centreY: number,
  span: number,
  degrees: number,
  side: number,
): Affine {
  const scale = span / side;
  const angle = (degrees * Math.PI) / 180;
  const a = scale * Math.cos(angle);
  const c = scale * Math.sin(angle);
  const half = side / 2 - 0.5;
  // Target pixel `half` (the middle) lies on the centre; sources are sampled at pixel centres too.
  return {
    a,
    b: -c,
    tx: centreX - 0.5 - (a - c) * half,
    c,
    d: a,
    ty: centreY - 0.5 - (c + a) * half,
  };
}
