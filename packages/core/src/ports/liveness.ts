/** 1 shake to the subject's left, 2 to the right, 3 nod, 4 mouth, 5 blink. */
export type Action = 1 | 2 | 3 | 4 | 5;

export interface LivenessRequest {
  readonly actions: readonly Action[];
  /** Per action its window in milliseconds from the start; absent: in the given order, anywhere. */
  readonly windows?: readonly { readonly from: number; readonly to: number }[];
  /** Degrees, [1, 90]. */
  readonly nodThreshold: number;
}

export type WarningCode = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 101 | 102 | 103 | 104 | 105 | 106;

export interface VideoVerdict {
  readonly alive: boolean;
  /** One a requested action, in order; confidence in [0, 1], 0.5 at the decision. */
  readonly actions: readonly { readonly action: Action; readonly confidence: number }[];
  /** JPEG of the best frame, upright; absent when no frame had a face. */
  readonly picture?: Uint8Array;
  readonly warnings: readonly WarningCode[];
  /** Of whom is refused: what they can do about a warning, in sentences, by its code. */
  readonly advice?: Readonly<Partial<Record<WarningCode, string>>>;
}

export interface PhotoVerdict {
  readonly alive: boolean;
  /** [0, 1], 0.5 at the decision. */
  readonly confidence: number;
  /** JPEG of the judged face's picture, upright. */
  readonly picture: Uint8Array;
  readonly warnings: readonly WarningCode[];
}

/**
 * Is it a live person? Throws FrsError: FRS.0701 not a video or damaged, FRS.0016 container or codec outside
 * the contract, FRS.0706 duration outside 1..15 s; for photos FRS.0016, FRS.0013, FRS.0707 (no face).
 * Work whose signal aborts ends soon and rejects with the signal's reason.
 */
export interface Liveness {
  judgeVideo(video: Uint8Array, request: LivenessRequest, signal?: AbortSignal): Promise<VideoVerdict>;
  judgePhoto(image: Uint8Array, signal?: AbortSignal): Promise<PhotoVerdict>;
}
