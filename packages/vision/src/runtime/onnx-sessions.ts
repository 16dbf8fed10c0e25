import type { UsableModel } from '@openfrs/models';
import { type InferenceSession, onnx } from './onnxruntime.ts';
import type { FloatTensor, Sessions } from './sessions.ts';

export interface SessionOptions {
  /** Threads within one run; default 0: onnxruntime's own choice, the physical cores. */
  readonly threads?: number;
}

/** Sessions over models, by their ids. Files are verified and opened on first use; a failure to open is tried again next time. */
export function createSessions(
  files: ReadonlyMap<string, UsableModel>,
  options: SessionOptions = {},
): Sessions {
  const opened = new Map<string, Promise<InferenceSession>>();

  async function create(model: UsableModel): Promise<InferenceSession> {
    await model.verify();
    return onnx.InferenceSession.create(model.path, {
      intraOpNumThreads: options.threads ?? 0,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      // Memory is kept between runs (allocating it anew costs half as much as the run), but not planned for each of
      // the many picture sizes.
      enableMemPattern: false,
      enableCpuMemArena: true,
      // Waiting threads sleep: spinning would take the other core from decoding and from other processes.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  }

  function open(id: string): Promise<InferenceSession> {
    const known = opened.get(id);
    if (known !== undefined) return known;
    const model = files.get(id);
    if (model === undefined) throw new Error(`No model is installed under the id "${id}".`);
    const session = create(model);
    opened.set(id, session);
    session.catch(() => opened.delete(id));
    return session;
  }

  return {
    has: (id) => files.has(id),
    async run(id, pixels) {
      const session = await open(id);
      const dims = [pixels.count, pixels.height, pixels.width, 3];
      const results = await session.run({ pixels: new onnx.Tensor('uint8', pixels.data, dims) });
      const outputs: Record<string, FloatTensor> = {};
      for (const [name, tensor] of Object.entries(results)) {
        outputs[name] = { data: tensor.data as Float32Array, dims: tensor.dims };
      }
      return outputs;
    },
    async warm(ids) {
      await Promise.all(ids.map(open));
    },
    async close() {
      const sessions = await Promise.allSettled(opened.values());
      opened.clear();
      for (const session of sessions) if (session.status === 'fulfilled') await session.value.release();
    },
  };
}
