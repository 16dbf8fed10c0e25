import { type Decoder, outputOf, rowsOf } from './decoder.ts';

/** A classifier's probabilities, one a label of its manifest entry: anti-spoof, expression. */
export const decodeClassifier: Decoder<readonly number[]> = (outputs, { model, pixels }) => {
  const [output] = model.outputs;
  const activation = activations[model.activation ?? 'none'];
  return rowsOf(outputOf(outputs, output?.name ?? ''), pixels.count).map(activation);
};

/** By the manifest's `activation`: what the graph leaves to do. */
const activations = {
  none: (row: Float32Array) => [...row],
  sigmoid: (row: Float32Array) => Array.from(row, (logit) => 1 / (1 + Math.exp(-logit))),
  softmax(row: Float32Array) {
    const largest = Math.max(...row);
    const powers = Array.from(row, (logit) => Math.exp(logit - largest));
    const total = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / total);
  },
} as const;
