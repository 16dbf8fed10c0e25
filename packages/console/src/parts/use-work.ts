import { useCallback, useState } from 'preact/hooks';

/** Something that takes time and may fail: its state, its last result and a way to start it. */
export interface Work<Input, Output> {
  readonly busy: boolean;
  readonly result: Output | undefined;
  readonly error: unknown;
  start(input: Input): Promise<void>;
  clear(): void;
}

export function useWork<Input, Output>(work: (input: Input) => Promise<Output>): Work<Input, Output> {
  const [state, setState] = useState<{ busy: boolean; result?: Output; error?: unknown }>({ busy: false });
  const start = useCallback(
    async (input: Input) => {
      setState({ busy: true });
      try {
        setState({ busy: false, result: await work(input) });
      } catch (error) {
        setState({ busy: false, error });
      }
    },
    [work],
  );
  return {
    busy: state.busy,
    result: state.result,
    error: state.error,
    start,
    clear: () => setState({ busy: false }),
  };
}
