/** One frame of a report; numbers are missing where no face was seen or none was sampled. */
export interface ReportFrame {
  readonly timeMs: number;
  readonly faces?: number;
  readonly yaw?: number;
  readonly pitch?: number;
  readonly roll?: number;
  readonly mouth?: number;
  readonly eyes?: number;
  readonly size?: number;
  readonly sharpness?: number;
  readonly brightness?: number;
  readonly confidence?: number;
  readonly live?: number;
}
