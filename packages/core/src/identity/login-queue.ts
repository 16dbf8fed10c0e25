/**
 * Where logins wait to have their password hashed, so that few are hashed at a time. Fair by source, then by account: however
 * many one source sends, another's waits for one of them.
 */
export interface LoginQueue {
  /**
   * Looks an account up, a few at a time: of logins that come at once, those that would find no place are refused before that.
   * @throws FrsError FRS.0033 at once where the queue has no room for this source's next login
   */
  lookUp<Result>(source: string, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
  /**
   * Runs the work when it is its turn; work whose signal aborts before that is dropped.
   * @throws FrsError FRS.0033 at once where the queue has no room for it
   */
  run<Result>(
    login: { readonly source: string; readonly account: string },
    work: () => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result>;
}
