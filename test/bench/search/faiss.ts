import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Dataset } from './data.ts';
import type { Answer, Engine, Question } from './engine.ts';

const script = fileURLToPath(new URL('./flat_index.py', import.meta.url));

/** FRS_BENCH_PYTHON, or the first Python that has faiss. */
function findPython(): string {
  const candidates = [process.env.FRS_BENCH_PYTHON, 'python3', '/usr/bin/python3'].filter(
    (name) => name !== undefined,
  );
  for (const candidate of candidates) {
    try {
      execFileSync(candidate, ['-c', 'import faiss, numpy'], { stdio: 'ignore' });
      return candidate;
    } catch {
      // Not this one.
    }
  }
  throw new Error(
    'no Python with faiss (pip install faiss-cpu, or Debian: python3-faiss); FRS_BENCH_PYTHON names one',
  );
}

/** faiss IndexFlatIP in a Python of its own, which takes its own time. */
export const faiss: Engine = {
  name: 'faiss',
  describe: async () => {
    const child = await start();
    child.stop();
    return `faiss ${child.version} IndexFlatIP, one thread, ${findPython()}`;
  },
  load: async (data) => {
    const folder = await mkdtemp(join(tmpdir(), 'openfrs-bench-'));
    const child = await start();
    await writeFile(join(folder, 'vectors'), bytesOf(data.vectors));
    await writeFile(join(folder, 'queries'), concatenated(data));
    const { n, dim } = data;
    await child.ask({ load: join(folder, 'vectors'), queries: join(folder, 'queries'), n, dim });
    await rm(folder, { recursive: true });
    return {
      answer: async ({ queries, top, selectivity }: Question) => {
        if (selectivity < 1) return undefined;
        const from = data.queries.indexOf(queries[0]!);
        return child.ask<Answer>({ from, to: from + queries.length, top });
      },
      close: async () => child.stop(),
    };
  },
};

interface Child {
  readonly version: string;
  ask<T>(question: Readonly<Record<string, string | number>>): Promise<T>;
  stop(): void;
}

async function start(): Promise<Child> {
  const child: ChildProcess = spawn(findPython(), [script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('The faiss process ended');
    return JSON.parse(value);
  };
  const { version } = await next();
  return {
    version,
    ask: (question) => {
      child.stdin!.write(`${JSON.stringify(question)}\n`);
      return next();
    },
    stop: () => child.stdin!.end(),
  };
}

function bytesOf(floats: Float32Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}

function concatenated({ queries, dim }: Dataset): Uint8Array {
  const all = new Float32Array(queries.length * dim);
  for (const [q, query] of queries.entries()) all.set(query, q * dim);
  return bytesOf(all);
}
