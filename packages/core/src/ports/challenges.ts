import type { Action } from './liveness.ts';

/** Actions that a service drew for one video. */
export interface Challenge {
  /** Nobody can guess it. */
  readonly id: string;
  readonly actions: readonly Action[];
  readonly expires: Date;
}

/** The challenge's own actions, or why it counts for nothing. */
export type Redemption =
  | { readonly actions: readonly Action[] }
  | { readonly refused: 'unknown' | 'used' | 'expired' };

/** Challenges of live-detect, shared by all instances. */
export interface Challenges {
  issue(projectId: string, challenge: Challenge): Promise<void>;
  /**
   * Uses a challenge up. Of calls for one challenge, at once or in turn, on any instance, one gets its actions.
   * @param check looks at the actions before: what it throws is thrown, and the challenge is not used up
   */
  redeem(
    projectId: string,
    id: string,
    now: Date,
    check?: (actions: readonly Action[]) => void,
  ): Promise<Redemption>;
}
