import { operations } from '@openfrs/contract';
import type { AuditLine } from '@openfrs/http';
import type { UsageReport } from './usage-report.ts';

export interface UsageCounter {
  take(line: AuditLine): void;
  report(projectId: string, now: Date): UsageReport;
  /** Of all operations of the project, in the last hour. */
  total(projectId: string, now: Date): { readonly requests: number; readonly errors: number };
}

interface Tally {
  requests: number;
  errors: number;
  /** How many answers took how long, by `bucketOf`. */
  readonly latencies: Map<number, number>;
}
type Minutes = Map<number, Map<string, Tally>>;

const minuteMs = 60_000;
const minutesKept = 60;
/** Latencies are counted in steps of 5 %: about 250 of them up to a minute. */
const step = Math.log(1.05);
const slowestMs = 60_000;
const bucketOf = (ms: number) => Math.round(Math.log(Math.min(ms, slowestMs) + 1) / step);
const msOf = (bucket: number) => Math.round(Math.exp(bucket * step) - 1);

/**
 * Counts the audit log's requests by project, minute and operation. Memory is bounded: an hour, `maxProjects` projects
 * (those without requests for the longest time are forgotten) and the contract's operations.
 */
export function createUsageCounter(maxProjects = 64): UsageCounter {
  const known: ReadonlySet<string> = new Set(operations.map(({ name }) => name));
  const projects = new Map<string, Minutes>();

  function minutesOf(projectId: string): Minutes {
    const minutes: Minutes = projects.get(projectId) ?? new Map();
    // The map keeps its entries in the order of their last request.
    projects.delete(projectId);
    projects.set(projectId, minutes);
    for (const oldest of projects.keys()) {
      if (projects.size <= maxProjects) break;
      projects.delete(oldest);
    }
    return minutes;
  }

  const counter: UsageCounter = {
    total(projectId, now) {
      const sum = { requests: 0, errors: 0 };
      for (const { requests, errors } of counter.report(projectId, now).minutes) {
        sum.requests += requests;
        sum.errors += errors;
      }
      return sum;
    },
    take({ project_id, operation, time, status, ms }) {
      if (project_id === undefined || !known.has(operation)) return;
      const minutes = minutesOf(project_id);
      const minute = Math.floor(Date.parse(time) / minuteMs);
      for (const old of minutes.keys()) if (old <= minute - minutesKept) minutes.delete(old);
      const tallies = minutes.get(minute) ?? new Map<string, Tally>();
      minutes.set(minute, tallies);
      const tally = tallies.get(operation) ?? emptyTally();
      tallies.set(operation, tally);
      add(tally, { requests: 1, errors: status >= 400 ? 1 : 0, latencies: new Map([[bucketOf(ms), 1]]) });
    },
    report(projectId, now) {
      const last = Math.floor(now.getTime() / minuteMs);
      const minutes = projects.get(projectId) ?? new Map<number, Map<string, Tally>>();
      const totals = new Map<string, Tally>();
      const line = Array.from({ length: minutesKept }, (_, index) => {
        const minute = last - minutesKept + 1 + index;
        const sum = emptyTally();
        for (const [operation, tally] of minutes.get(minute) ?? []) {
          const total = totals.get(operation) ?? emptyTally();
          totals.set(operation, total);
          add(total, tally);
          add(sum, tally);
        }
        return { time: (minute * minuteMs) / 1000, requests: sum.requests, errors: sum.errors };
      });
      const rows = [...totals].map(([operation, { requests, errors, latencies }]) => ({
        operation,
        requests,
        errors,
        median: quantile(latencies, requests, 0.5),
        p99: quantile(latencies, requests, 0.99),
      }));
      return { operations: rows.sort((a, b) => b.requests - a.requests), minutes: line };
    },
  };
  return counter;
}

const emptyTally = (): Tally => ({ requests: 0, errors: 0, latencies: new Map() });

function add(total: Tally, more: Tally): void {
  total.requests += more.requests;
  total.errors += more.errors;
  for (const [bucket, count] of more.latencies) {
    total.latencies.set(bucket, (total.latencies.get(bucket) ?? 0) + count);
  }
}

/** The smallest latency that this share of the requests didn't exceed. */
function quantile(latencies: ReadonlyMap<number, number>, requests: number, share: number): number {
  let seen = 0;
  for (const [bucket, count] of [...latencies].sort(([a], [b]) => a - b)) {
    seen += count;
    if (seen >= share * requests) return msOf(bucket);
  }
  return 0;
}
