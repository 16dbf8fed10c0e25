// Fields of displacements of a square picture, in pixels, and pictures that are moved by them; all of floats.

/** The picture with each pixel taken, bilinearly, from where the field says; from its edge where that is beyond it. */
export function moved(source: usize, x: usize, y: usize, side: i32, out: usize): void {
  const last = <f32>side - 1.001;
  let at: usize = 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at += 4) {
      const u = max<f32>(0, min<f32>(last, <f32>column + load<f32>(x + at)));
      const v = max<f32>(0, min<f32>(last, <f32>row + load<f32>(y + at)));
      const left = <i32>u;
      const top = <i32>v;
      store<f32>(out + at, between4(source + (<usize>(top * side + left) << 2), <usize>side << 2, u - <f32>left, v - <f32>top));
    }
  }
}

/** What a field says, or any picture, where another field leads to, and `own` added to it. */
export function along(source: usize, x: usize, y: usize, own: usize, side: i32, out: usize): void {
  moved(source, x, y, side, out);
  const end = out + (<usize>(side * side) << 2);
  for (; out < end; out += 16, own += 16) v128.store(out, f32x4.add(v128.load(out), v128.load(own)));
}

/** A field from its values at nodes, `nodes` a side from the first pixel's middle to the last's. */
export function between(grid: usize, nodes: i32, side: i32, out: usize): void {
  const step = <f32>(side - 1) / <f32>(nodes - 1);
  for (let row = 0; row < side; row++) {
    const v = <f32>row / step;
    const top = min(nodes - 2, <i32>v);
    for (let column = 0; column < side; column++, out += 4) {
      const u = <f32>column / step;
      const left = min(nodes - 2, <i32>u);
      store<f32>(out, between4(grid + (<usize>(top * nodes + left) << 2), <usize>nodes << 2, u - <f32>left, v - <f32>top));
    }
  }
}

/** Bilinear between a value, the one right of it, and those a row (bytes) below. */
// @ts-ignore: decorator
@inline
function between4(at: usize, row: usize, fx: f32, fy: f32): f32 {
  const upper = load<f32>(at) * (1 - fx) + load<f32>(at, 4) * fx;
  const lower = load<f32>(at + row) * (1 - fx) + load<f32>(at + row, 4) * fx;
  return upper * (1 - fy) + lower * fy;
}
