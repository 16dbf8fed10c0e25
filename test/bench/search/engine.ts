import type { Dataset } from './data.ts';

/** What is asked for in one measurement. */
export interface Question {
  readonly queries: readonly Float32Array[];
  readonly top: number;
  /** Share of the rows that the filter lets through: row r passes where `r % 100 < 100 * selectivity`. */
  readonly selectivity: number;
}

export interface Answer {
  readonly ms: number;
  /** Processor time, which other work on a busy machine changes less. */
  readonly cpuMs: number;
  /** Row numbers of each query's hits, the most similar first. */
  readonly rows: readonly (readonly number[])[];
  /** The similarities, where the engine gives them. */
  readonly cosines?: readonly (readonly number[])[];
}

/** A search engine with a dataset in it. */
export interface Loaded {
  /** Undefined where the engine can't do that. */
  answer(question: Question): Promise<Answer | undefined>;
  close(): Promise<void>;
}

export interface Engine {
  readonly name: 'openfrs' | 'faiss' | 'js' | 'onnxruntime' | 'usearch';
  /** Says what is used, or throws with the reason why the engine can't be measured here. */
  describe(): Promise<string>;
  load(data: Dataset): Promise<Loaded>;
}

export function passes(row: number, selectivity: number): boolean {
  return row % 100 < Math.round(100 * selectivity);
}

/** Runs something of this process and takes its time. */
export async function timed<T>(run: () => T | Promise<T>): Promise<{ result: T; ms: number; cpuMs: number }> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await run();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { result, ms, cpuMs: (user + system) / 1000 };
}
