import type { ErrorCode } from '@openfrs/contract';

/** One version of one object that was put under `enrol/`. */
export interface Upload {
  readonly bucket: string;
  readonly key: string;
  /** Names this put among all of the key: the notification's sequencer. */
  readonly version: string;
  /** Of the content that was put, where the notification told; without quotes. */
  readonly etag?: string;
}

/** What came of an upload. */
export interface EnrolmentOutcome {
  readonly state: 'enrolled' | 'refused' | 'removed';
  readonly faceSetName: string;
  readonly externalImageId: string;
  readonly faceIds: readonly string[];
  /** Why it was refused. */
  readonly code?: ErrorCode;
  readonly message?: string;
}

export interface Enrolment extends Upload, EnrolmentOutcome {
  readonly at: Date;
}

/** The log of enrolments by upload: what makes a notification that comes twice count once. Kept for 30 days. */
export interface Enrolments {
  /** What came of this version, if it has been dealt with. */
  outcome(projectId: string, upload: Upload): Promise<Enrolment | undefined>;
  record(projectId: string, upload: Upload, outcome: EnrolmentOutcome, at: Date): Promise<void>;
  /** Newest first. */
  list(projectId: string, limit: number): Promise<Enrolment[]>;
}

/** An upload that will never be enrolled, with the contract's code: for people to look at. */
export interface DeadLetters {
  put(upload: Upload, code: ErrorCode, message: string): Promise<void>;
}
