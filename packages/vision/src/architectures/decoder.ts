import type { ModelEntry } from '@openfrs/models';
import type { ModelOutputs, Pixels } from '../runtime/sessions.ts';

/** What a decoder needs beside a network's outputs. */
interface DecodeContext {
  readonly model: ModelEntry;
  /** The stack of pictures that the network ran on. */
  readonly pixels: Pixels;
  /** Detectors: findings with a lower score are left out, [0, 1]. */
  readonly threshold: number;
}

/** Reads a network's raw outputs: one result a picture of the stack. */
export type Decoder<Result> = (outputs: ModelOutputs, context: DecodeContext) => Result[];

/** An output by its name in the manifest, which the manifest's schema has checked. */
export function outputOf(outputs: ModelOutputs, name: string): Float32Array {
  const output = outputs[name];
  if (output === undefined) throw new Error(`The network gave no output ${name}.`);
  return output.data;
}

/** The numbers of each picture, one after the other in an output: views, not copies. */
export function rowsOf(data: Float32Array, count: number): Float32Array[] {
  const length = data.length / count;
  return Array.from({ length: count }, (_, index) => data.subarray(index * length, (index + 1) * length));
}
