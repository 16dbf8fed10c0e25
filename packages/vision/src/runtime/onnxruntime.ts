import { createRequire } from 'node:module';
import type * as Onnx from 'onnxruntime-node';

/*
 * Else it tells Microsoft of each session, and keeps a device id and its events in the user's cache folder. It reads the variable when it
 * is loaded, and from the process: a worker thread's own copy of the environment would not do.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';

/** The only import of onnxruntime, tests and benches included; found also where a cloud layer holds it (see image/native-sharp.ts). */
export const onnx = createRequire(import.meta.url)('onnxruntime-node') as typeof Onnx;

export type { InferenceSession, Tensor, TypedTensor } from 'onnxruntime-node';
