import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpuMsOf } from '@openfrs/video';

/** A process, by proc(5). */
export interface ProcessUse {
  readonly pid: number;
  /** Kilobytes. */
  readonly resident: number;
  /** Milliseconds of processor time that it has used. */
  readonly cpuMs: number;
}

/**
 * The processes of a group. Read here and not by `ps`: started twice a second beside a service it has a twentieth of a core, which
 * requests then wait for.
 */
export function processesOf(group: number): ProcessUse[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && groupOf(name) === group)
    .map((name) => ({ pid: Number(name), resident: residentOf(name), cpuMs: cpuMsOf(name) ?? 0 }));
}

/**
 * Lets the session of a process have cores before those of others, or behind them, as far as this user may say so: what a client waits for a
 * core is no delay of the service, as clients are other machines.
 * @param niceness -20 goes first, 19 last (sched(7))
 */
export function prioritiseSession(pid: number, niceness: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
  } catch {
    // Not Linux, or only the superuser may: then all are alike.
  }
}

/** Undefined where it has ended. */
function groupOf(pid: string): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // Behind the name, which is in brackets and may hold anything: state, parent, group.
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

function residentOf(pid: string): number {
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}
