import { createRequire } from 'node:module';
import { type InferenceSession, onnx, type TypedTensor } from '@openfrs/vision/onnxruntime';
import { type Engine, timed } from './engine.ts';
import { matMulTopK } from './onnx-model.ts';

const require = createRequire(import.meta.url);

/** MatMul and TopK with the vectors as an input, as a service would have to do it: they change. */
export const onnxruntime: Engine = {
  name: 'onnxruntime',
  describe: async () =>
    `onnxruntime-node ${require('onnxruntime-node/package.json').version} MatMul and TopK, one thread`,
  load: async ({ n, dim, vectors }) => {
    const sessions = new Map<number, InferenceSession>();
    const session = async (top: number) => {
      const made =
        sessions.get(top) ??
        (await onnx.InferenceSession.create(matMulTopK(n, dim, top), {
          intraOpNumThreads: 1,
          interOpNumThreads: 1,
        }));
      sessions.set(top, made);
      return made;
    };
    const all = new onnx.Tensor('float32', vectors, [n, dim]);
    return {
      answer: async ({ queries, top, selectivity }) => {
        if (selectivity < 1) return undefined;
        const run = await session(top);
        const { result: rows, ...times } = await timed(async () => {
          const found: number[][] = [];
          for (const query of queries) {
            const result = await run.run({
              vectors: all,
              query: new onnx.Tensor('float32', query, [dim, 1]),
            });
            found.push(Array.from((result.rows as TypedTensor<'int64'>).data, Number));
          }
          return found;
        });
        return { ...times, rows };
      },
      close: async () => {
        for (const made of sessions.values()) await made.release();
      },
    };
  },
};
