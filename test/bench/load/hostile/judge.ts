import type { Tally } from './tally.ts';

/** Of one attack: what both clients and the service saw. Times in ms, memory in MB. */
export interface Row {
  readonly attack: string;
  readonly quiet: { readonly p50: number; readonly p99: number };
  readonly detect: { readonly p50: number; readonly p99: number; readonly served: number };
  readonly stretch: number;
  readonly lists: { readonly p50: number; readonly p99: number };
  readonly logins: { readonly p50: number; readonly max: number };
  readonly refusals: Readonly<Record<string, number>>;
  readonly tally: Tally;
  /** New requests that the attacker sent a second. */
  readonly perSecond: number;
  /** That each used while the honest client was measured. */
  readonly cores: { readonly service: number; readonly attacker: number; readonly honest: number };
  /** Answers of 500 and above, and requests that were never answered, of both clients. */
  readonly faults: number;
  readonly unanswered: number;
  readonly memory: {
    readonly before: number;
    readonly peak: number;
    readonly after: number;
    /** Of `after`, what the attack had sets loaded into; absent where it asks for none. */
    readonly sets?: number;
    /** Seconds until it was back within 10 %, `sets` left out; absent: it was not. */
    readonly backAfter?: number;
  };
  /** The latest that the event loop of the service's main thread came round. */
  readonly lateMs: number;
  /** The honest client was served within 10 s afterwards. */
  readonly recovered: boolean;
}

export interface Verdict {
  readonly rule: string;
  readonly holds: boolean;
  /** Breaking it fails the run whatever else the machine does at that time. */
  readonly hard: boolean;
}

/** The acceptance of the attack: each rule, and whether it holds. */
export function verdicts(row: Row): Verdict[] {
  const soft = (rule: string, holds: boolean) => ({ rule, holds, hard: false });
  const hard = (rule: string, holds: boolean) => ({ rule, holds, hard: true });
  return [
    soft('face-detect p99 ≤ 3 × quiet', row.detect.served > 0 && row.detect.p99 <= 3 * row.quiet.p99),
    soft('never refused for longer than 5 s', row.stretch <= 5000),
    soft('lists p99 < 200 ms', row.lists.p99 < 200),
    soft('memory back within 10 %', row.memory.backAfter !== undefined),
    hard('no answer of 500 and above', row.faults === 0),
    hard('every request answered or closed', row.unanswered === 0),
    hard('served again afterwards', row.recovered),
  ];
}
