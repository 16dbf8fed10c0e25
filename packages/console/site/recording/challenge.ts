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
/** What each action ends with: a movement is told from a picture's by the face at rest before and after it. */
const backMs = 800;

const recorded: readonly ActionCode[] = [1, 2, 3, 4];

/** So many different actions, drawn in this page: its user could foresee them. */
export function drawActions(count: number): readonly ActionCode[] {
  const left = [...recorded];
  return Array.from({ length: count }, () => {
    const [drawn] = crypto.getRandomValues(new Uint32Array(1));
    const [action] = left.splice((drawn ?? 0) % left.length, 1);
    return action ?? 1;
  });
}

/** Each action with its own time. */
export function stepsOf(actions: readonly ActionCode[]): readonly Step[] {
  return actions.map((action, index) => {
    const from = restMs + index * stepMs;
    return { action, from, to: from + stepMs };
  });
}

/** Under the contract's 15 s for every count up to 4. */
export const lengthOf = (steps: readonly Step[]): number => (steps.at(-1)?.to ?? 0) + restMs / 3;

/** Which step a moment of the recording is in, and whether the person should be back at rest; undefined at the beginning and the end. */
export function stepAt(steps: readonly Step[], ms: number): { index: number; isOver: boolean } | undefined {
  const index = steps.findIndex(({ from, to }) => from <= ms && ms < to);
  const step = steps[index];
  return step && { index, isOver: ms >= step.to - backMs };
}

export const windowsText = (steps: readonly Step[]): string =>
  steps.map(({ from, to }) => `${from}-${to}`).join(',');
