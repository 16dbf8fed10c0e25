/** Vectors of one length, in double precision. */
export type Rows = readonly Float64Array[];

export function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/**
 * Gram and Schmidt, each vector twice, so that the result is orthogonal to the last digits. Vectors that hardly add a
 * direction are left out.
 */
export function orthonormal(vectors: Iterable<ArrayLike<number>>, most = Number.POSITIVE_INFINITY): Rows {
  const rows: Float64Array[] = [];
  for (const vector of vectors) {
    if (rows.length >= most) break;
    const rest = Float64Array.from(vector);
    const before = Math.sqrt(inner(rest, rest));
    for (let round = 0; round < 2; round += 1) {
      takeOut(rows, rest);
    }
    const length = Math.sqrt(inner(rest, rest));
    if (length > 1e-3 * before) rows.push(rest.map((value) => value / length));
  }
  return rows;
}

/** Takes out of a vector, in place, what lies in the space of `rows`, themselves orthonormal. */
export function takeOut(rows: Rows, vector: Float64Array): void {
  for (const row of rows) {
    const along = inner(vector, row);
    for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] as number) - along * (row[i] as number);
  }
}

/** An orthonormal basis of what is orthogonal to `rows`, themselves orthonormal: as many vectors as are left. */
export function complement(rows: Rows, dimension: number): Rows {
  const axes = Array.from({ length: dimension }, (_, axis) => {
    const unit = new Float64Array(dimension);
    unit[axis] = 1;
    return unit;
  });
  return orthonormal([...rows, ...axes], dimension).slice(rows.length);
}
