import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { floatTensor, type OnnxModel, type OnnxTensor, tensorValues } from '../onnx/model.ts';

/**
 * Folds a projection to `dimension` numbers into the 1 × 1 convolution that ends an embedder, y = W·x + b: the result is Uᵀ·y, U the
 * eigenvectors of W·Wᵀ + b·bᵀ with the largest eigenvalues, which span nearly all that y can be: cosines stay, and no data is needed.
 * Only + − × ÷ and √ are used, which IEEE 754 fixes to the last bit, and an eigenvector’s largest entry is made positive.
 */
export function foldEmbedding(model: OnnxModel, dimension: number): void {
  const { graph } = model;
  const last = graph.node.findLast((n) => n.op_type === 'Conv');
  const find = (name: string | undefined) => graph.initializer.find((t) => t.name === name);
  const weights = find(last?.input[1]);
  const bias = find(last?.input[2]);
  if (!weights || !bias) throw new Error('the embedder does not end in a convolution with a bias');
  const [rows = 0, columns = 0, ...kernel] = weights.dims.map(Number);
  if (kernel.some((k) => k !== 1)) throw new Error('the last convolution is not 1 × 1');

  const w = new Matrix(chunks(tensorValues(weights) as Float32Array, columns));
  const b = Matrix.columnVector([...(tensorValues(bias) as Float32Array)]);
  const basis = leadingEigenvectors(w.mmul(w.transpose()).add(b.mmul(b.transpose())), dimension);
  const project = basis.transpose();
  replace(weights, [dimension, columns, 1, 1], project.mmul(w));
  replace(bias, [dimension], project.mmul(b));

  for (const n of graph.node) {
    const shape = n.op_type === 'Reshape' ? find(n.input[1]) : undefined;
    if (shape && (tensorValues(shape) as number[]).includes(rows)) {
      throw new Error(`a reshape after the last layer names its width ${rows}`);
    }
  }
}

/** The eigenvectors of a symmetric matrix with the largest eigenvalues, as columns. */
function leadingEigenvectors(symmetric: Matrix, count: number): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues
    .map((value, i) => ({ value, i }))
    .sort((a, b) => b.value - a.value || a.i - b.i);
  const columns = order.slice(0, count).map(({ i }) => {
    const vector = eigenvectorMatrix.getColumn(i);
    const peak = vector.reduce((best, v) => (Math.abs(v) > Math.abs(best) ? v : best), 0);
    return peak < 0 ? vector.map((v) => -v) : vector;
  });
  return new Matrix(columns).transpose();
}

function chunks(values: Float32Array, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, row) => [
    ...values.subarray(row * width, (row + 1) * width),
  ]);
}

function replace(tensor: OnnxTensor, dims: number[], matrix: Matrix): void {
  Object.assign(tensor, floatTensor(tensor.name ?? '', dims, Float32Array.from(matrix.to1DArray())));
}
