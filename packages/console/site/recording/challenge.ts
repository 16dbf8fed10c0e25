/** The actions that a recording asks for. The contract knows a fifth, blinking, which is hard to see in a webcam's video. */
export type ActionCode = 1 | 2 | 3 | 4 | 5;

export interface Step {
  readonly action: ActionCode;
  /** Milliseconds from the start of the recording. */
  readonly from: number;
  readonly to: number;
}

/** What a recording begins and ends with: the face at rest. */
const restMs = 1500;
const stepMs = 3000;

const recorded: readonly ActionCode[] = [1, 2, 3, 4];

/** So many different actions in an order that nobody can foresee, each with its own time. */
export function challenge(count: number): readonly Step[] {
  const left = [...recorded];
  return Array.from({ length: count }, (_, index) => {
    const [drawn] = crypto.getRandomValues(new Uint32Array(1));
    const [action] = left.splice((drawn ?? 0) % left.length, 1);
    const from = restMs + index * stepMs;
    return { action: action ?? 1, from, to: from + stepMs };
  });
}

/** Under the contract's 15 s for every count up to 4. */
export const lengthOf = (steps: readonly Step[]): number => (steps.at(-1)?.to ?? 0) + restMs / 3;

export const windowsText = (steps: readonly Step[]): string =>
  steps.map(({ from, to }) => `${from}-${to}`).join(',');
