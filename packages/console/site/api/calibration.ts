/** What a similarity of the active model means: one in `1/far` pairs of different people reaches it. */
export interface Calibration {
  readonly model: string;
  readonly marks: readonly { readonly far: number; readonly similarity: number }[];
}

let known: Promise<Calibration | undefined> | undefined;

/** Undefined where the deployment doesn't offer it. */
export function readCalibration(): Promise<Calibration | undefined> {
  known ??= fetch('console/calibration.json').then(async (answer) =>
    answer.ok ? ((await answer.json()) as Calibration) : undefined,
  );
  return known;
}
