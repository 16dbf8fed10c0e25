import { useCallback, useRef, useState } from 'preact/hooks';

/** Something that takes time and may fail: its state, its last result and a way to start it. */
export interface Async<Input, Output> {
  readonly busy: boolean;
  readonly result: Output | undefined;
  readonly error: unknown;
  start(input: Input): Promise<void>;
  clear(): void;
}

interface State<Output> {
  readonly busy: boolean;
  readonly result?: Output;
  readonly error?: unknown;
}

/** Only the last start counts: what an earlier one finds is dropped, in whatever order they end. */
export function useAsync<Input, Output>(work: (input: Input) => Promise<Output>): Async<Input, Output> {
  const [state, setState] = useState<State<Output>>({ busy: false });
  const latest = useRef(0);
  const start = useCallback(
    async (input: Input) => {
      const turn = ++latest.current;
      const settle = (next: State<Output>) => turn === latest.current && setState(next);
      setState({ busy: true });
      try {
        settle({ busy: false, result: await work(input) });
      } catch (error) {
        settle({ busy: false, error });
      }
    },
    [work],
  );
  const clear = useCallback(() => {
    latest.current++;
    setState({ busy: false });
  }, []);
  return { busy: state.busy, result: state.result, error: state.error, start, clear };
}
