/** What the signed-in user may use, as the local server tells it. */
export interface AccountReport {
  /** The user's own access keys; no secret is among what is told. */
  readonly keys: readonly { readonly ak: string; readonly enabled: boolean }[];
  readonly quotas: {
    readonly faceSets: number;
    readonly faceSetCapacity: number;
    /** Of one operation; 0: no limit. */
    readonly requestsPerMinute: number;
  };
}

/** The signed-in project's requests, as the local server has counted them since its start, an hour at most. */
export interface UsageReport {
  readonly operations: readonly {
    readonly operation: string;
    readonly requests: number;
    readonly errors: number;
    /** Milliseconds, within 5 %. */
    readonly median: number;
    readonly p99: number;
  }[];
  /** One entry a minute, the oldest first; `time` in seconds since 1970. */
  readonly minutes: readonly { readonly time: number; readonly requests: number; readonly errors: number }[];
}
