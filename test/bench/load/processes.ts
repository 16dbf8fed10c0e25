import { readdirSync, readFileSync } from 'node:fs';
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
