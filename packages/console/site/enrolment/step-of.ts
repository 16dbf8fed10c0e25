import type { Progress } from './enrolment-run.ts';

/** Which step of an enrolment is under way, or is next: 0 choose, 1 check, 2 enrol, 3 report. */
export function stepOf(
  running: Progress['what'] | undefined,
  state: { readonly through: number; readonly isChecked: boolean; readonly photos: number },
): 0 | 1 | 2 | 3 {
  if (running !== undefined) return running === 'checking' ? 1 : 2;
  if (state.through > 0) return 3;
  if (state.isChecked) return 2;
  return state.photos > 0 ? 1 : 0;
}
