import type { Box, SetFace } from '../api/responses.ts';

/** The answer to a photo (`results`) or to a face of a set (`faces` alone). */
export interface SearchAnswer {
  readonly faces: readonly SetFace[];
  readonly results?: readonly { readonly bounding_box: Box; readonly faces: readonly SetFace[] }[];
  /** That `max_fpir` has chosen. */
  readonly threshold?: number;
}
