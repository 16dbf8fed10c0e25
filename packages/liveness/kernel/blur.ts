// Blurs of a square picture of floats, in place: along the columns, four at a time, then along what were the rows.

/** Three running means one after the other, edges repeated between; `room` is for two columns. `side` is a multiple of four. */
export function boxes(picture: usize, side: i32, first: i32, second: i32, third: i32, room: usize): void {
  const margin = max(first, max(second, third));
  const other = room + (<usize>(side + 2 * margin + 1) << 4);
  for (let way = 0; way < 2; way++) {
    for (let column = 0; column < side; column += 4) {
      read(picture, side, column, room, margin);
      runningMean(room, other, side, margin, first);
      repeatEdges(other, side, margin);
      runningMean(other, room, side, margin, second);
      repeatEdges(room, side, margin);
      runningMean(room, other, side, margin, third);
      write(picture, side, column, other, margin);
    }
    transpose(picture, side);
  }
}

/** Weighted means: `weights` has the middle's and those of one side, `reach` of them. */
export function blur(picture: usize, side: i32, weights: usize, reach: i32, room: usize): void {
  const other = room + (<usize>(side + 2 * reach + 1) << 4);
  for (let way = 0; way < 2; way++) {
    for (let column = 0; column < side; column += 4) {
      read(picture, side, column, room, reach);
      for (let y = reach; y < reach + side; y++) {
        const at = room + (<usize>y << 4);
        let sum = f32x4.mul(v128.load(at), v128.load32_splat(weights));
        for (let r: usize = 1; r <= <usize>reach; r++) {
          const both = f32x4.add(v128.load(at - (r << 4)), v128.load(at + (r << 4)));
          sum = f32x4.add(sum, f32x4.mul(both, v128.load32_splat(weights + (r << 2))));
        }
        v128.store(other + (<usize>y << 4), sum);
      }
      write(picture, side, column, other, reach);
    }
    transpose(picture, side);
  }
}

/** Four columns of a picture, with their ends repeated beyond them; one value more is looked at by the running mean's last step. */
function read(picture: usize, side: i32, column: i32, to: usize, margin: i32): void {
  let at = picture + (<usize>column << 2);
  for (let y = 0; y < side; y++, at += <usize>side << 2) v128.store(to + (<usize>(margin + y) << 4), v128.load(at));
  repeatEdges(to, side, margin);
}

function write(picture: usize, side: i32, column: i32, from: usize, margin: i32): void {
  let at = picture + (<usize>column << 2);
  for (let y = 0; y < side; y++, at += <usize>side << 2) v128.store(at, v128.load(from + (<usize>(margin + y) << 4)));
}

function repeatEdges(columns: usize, side: i32, margin: i32): void {
  const first = v128.load(columns + (<usize>margin << 4));
  const last = v128.load(columns + (<usize>(margin + side - 1) << 4));
  for (let i = 0; i < margin; i++) v128.store(columns + (<usize>i << 4), first);
  for (let i = margin + side; i <= side + 2 * margin; i++) v128.store(columns + (<usize>i << 4), last);
}

function runningMean(from: usize, to: usize, side: i32, margin: i32, radius: i32): void {
  const width = 2 * radius + 1;
  let leaving = from + (<usize>(margin - radius) << 4);
  let entering = leaving;
  let sum = f32x4.splat(0);
  for (let i = 0; i < width; i++, entering += 16) sum = f32x4.add(sum, v128.load(entering));
  const share = f32x4.splat(<f32>1 / <f32>width);
  let at = to + (<usize>margin << 4);
  for (let y = 0; y < side; y++, at += 16, leaving += 16, entering += 16) {
    v128.store(at, f32x4.mul(sum, share));
    sum = f32x4.add(sum, f32x4.sub(v128.load(entering), v128.load(leaving)));
  }
}

/** Exchanges rows and columns, by blocks of 4 × 4. */
function transpose(picture: usize, side: i32): void {
  const row = <usize>side << 2;
  for (let y: usize = 0; y < <usize>side; y += 4) {
    for (let x: usize = y; x < <usize>side; x += 4) {
      const a = picture + y * row + (x << 2);
      const b = picture + x * row + (y << 2);
      const a0 = v128.load(a);
      const a1 = v128.load(a + row);
      const a2 = v128.load(a + 2 * row);
      const a3 = v128.load(a + 3 * row);
      const b0 = v128.load(b);
      const b1 = v128.load(b + row);
      const b2 = v128.load(b + 2 * row);
      const b3 = v128.load(b + 3 * row);
      turned(a0, a1, a2, a3, b, row);
      turned(b0, b1, b2, b3, a, row);
    }
  }
}

/** Stores four rows of four as columns. */
// @ts-ignore: decorator
@inline
function turned(r0: v128, r1: v128, r2: v128, r3: v128, to: usize, row: usize): void {
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(to + row, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(to + 2 * row, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
  v128.store(to + 3 * row, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}
