import type { Row } from '../terminal/output.ts';
import type { Mark } from './overlay.ts';

/** A photo with what was found on it. */
export interface AnnotatedPhoto {
  readonly file: string;
  /** Of the file, where it is no picture of its own: the best frame of a video. */
  readonly picture?: Uint8Array;
  readonly marks: readonly Mark[];
  readonly rows: readonly Row[];
}
