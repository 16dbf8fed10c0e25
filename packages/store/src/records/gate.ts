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
