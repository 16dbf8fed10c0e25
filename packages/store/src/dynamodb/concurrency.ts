/** Runs calls with at most `width` of them at once; the others wait in the order of coming. */
export interface Gate {
  <R>(call: () => Promise<R>): Promise<R>;
  /** Calls running or waiting. */
  readonly load: () => number;
}

export function createGate(width: number): Gate {
  let running = 0;
  const waiting: (() => void)[] = [];
  const gate = async <R>(call: () => Promise<R>): Promise<R> => {
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await call();
    } finally {
      const next = waiting.shift();
      // The place is handed on, so nobody who comes now slips in between.
      if (next === undefined) running -= 1;
      else next();
    }
  };
  return Object.assign(gate, { load: () => running + waiting.length });
}

/** One gate for each name that is in use. */
export function createGates(width: number): <R>(name: string, call: () => Promise<R>) => Promise<R> {
  const gates = new Map<string, Gate>();
  return async (name, call) => {
    const gate = gates.get(name) ?? createGate(width);
    gates.set(name, gate);
    try {
      return await gate(call);
    } finally {
      if (gate.load() === 0) gates.delete(name);
    }
  };
}

export function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}

/** Maps with at most `width` calls in flight; the first failure is thrown after the started calls have ended. */
export async function parallel<T, R>(
  list: readonly T[],
  width: number,
  call: (entry: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(list.length);
  let next = 0;
  let failure: { error: unknown } | undefined;
  const worker = async () => {
    while (next < list.length && failure === undefined) {
      const index = next++;
      try {
        results[index] = await call(list[index] as T, index);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, list.length) }, worker));
  if (failure !== undefined) throw failure.error;
  return results;
}
