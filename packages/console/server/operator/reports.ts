import type { QuotaLimit, Quotas, ShownSetting } from '@openfrs/core';

/** What the session's user may do beside the API. */
export interface SessionReport {
  /** May see and change the accounts of all domains. */
  readonly isOperator: boolean;
  /** Crops of enrolled faces are kept and can be shown. */
  readonly keepsCrops: boolean;
}

export interface DomainRow {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
}

/** A domain with all that belongs to it; no secret, no hash and no sealed text is among it. */
export interface DomainReport extends DomainRow {
  readonly users: readonly {
    readonly id: string;
    readonly name: string;
    readonly enabled: boolean;
    readonly isOperator: boolean;
  }[];
  readonly keys: readonly { readonly ak: string; readonly userId: string; readonly enabled: boolean }[];
  readonly projects: readonly {
    readonly id: string;
    readonly name: string;
    readonly enabled: boolean;
    readonly frozen: boolean;
    readonly quotas: Quotas;
    /** Of the last hour, as this server has counted them. */
    readonly requests: number;
    readonly errors: number;
  }[];
  readonly quotaLimits: Readonly<Record<keyof Quotas, QuotaLimit>>;
  readonly tokens: readonly {
    readonly id: string;
    readonly name: string;
    readonly userId: string;
    readonly projectId: string;
    readonly readOnly: boolean;
    /** Absent: all. */
    readonly faceSets?: readonly string[];
    /** Both ISO 8601; `lastUse` to ten minutes. */
    readonly expiresAt: string;
    readonly lastUse?: string;
  }[];
}

/** What the server says of itself to its operator. */
export interface ServiceReport {
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** The embedding model that new face sets are for. */
  readonly model: string;
  /** Bytes: of the process, and of the search indexes in it. */
  readonly memory: { readonly process: number; readonly indexes: number };
  /** Operations on pictures and videos, now. */
  readonly work: { readonly running: number; readonly waiting: number };
  readonly settings: readonly ShownSetting[];
}
