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
  /** `ignored`: there was nothing to enrol, and nothing is wrong. */
  readonly state: 'enrolled' | 'refused' | 'removed' | 'ignored';
  /** Absent where the key names none. */
  readonly faceSetName?: string;
  readonly externalImageId?: string;
  readonly faceIds: readonly string[];
  /** Why it was refused or ignored. */
  readonly code?: ErrorCode;
  readonly message?: string;
}

export interface Enrolment extends Upload, EnrolmentOutcome {
  readonly at: Date;
}

/** An event of a key that was begun to be dealt with. */
export interface KeyEvent {
  readonly kind: 'put' | 'removed';
  /** Its sequencer. */
  readonly version: string;
  /** That it had enrolled; empty where it hasn't ended yet. */
  readonly faceIds: readonly string[];
}

/** The log of enrolments by upload: what makes a notification that comes twice count once. Kept for 30 days. */
export interface Enrolments {
  /** What came of this version, if it has been dealt with. */
  outcome(projectId: string, upload: Upload): Promise<Enrolment | undefined>;
  record(projectId: string, upload: Upload, outcome: EnrolmentOutcome, at: Date): Promise<void>;
  /** Notes that an event of its key is being dealt with, so that others know it before it has ended. */
  begin(projectId: string, upload: Upload, kind: KeyEvent['kind'], at: Date): Promise<void>;
  /**
   * Notes that its photo is about to be looked at, of which nobody may be left to tell the end.
   * @returns of how many looks in a row before this one no end was noted
   */
  look(projectId: string, upload: Upload): Promise<number>;
  /** Notes that a look has come to its end, whatever becomes of the faces: none of those in a row before it counts any more. */
  looked(projectId: string, upload: Upload): Promise<void>;
  /**
   * Notes that a try has ended with nothing enrolled, for a reason that may pass.
   * @param isOwn nothing that it depends on was to blame
   * @returns how many tries have failed by themselves
   */
  fail(projectId: string, upload: Upload, isOwn: boolean): Promise<number>;
  /** All of the upload's key that were begun, in no order. */
  eventsOfKey(projectId: string, upload: Upload): Promise<KeyEvent[]>;
  /** Newest first. */
  list(projectId: string, limit: number): Promise<Enrolment[]>;
}

/** An upload that will never be enrolled, with the contract's code: for people to look at. */
export interface DeadLetters {
  put(upload: Upload, code: ErrorCode, message: string): Promise<void>;
}
