import { readFileSync, readlinkSync } from 'node:fs';

/** Linux counts processor time for user space in hundredths of a second, whatever its kernel ticks at (proc(5)). */
const msPerTick = 10;

/**
 * Milliseconds of processor time that a process or thread has used, by its directory under /proc; undefined where
 * there is none (another system, or it has ended).
 */
export function cpuMsOf(directory: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${directory}/stat`, 'latin1');
    // The second field is a name in brackets and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return Number.isFinite(ticks) ? ticks * msPerTick : undefined;
  } catch {
    return undefined;
  }
}

/** This thread's directory for `cpuMsOf`; undefined where the system has none. */
export function ownThread(): string | undefined {
  try {
    return readlinkSync('/proc/thread-self');
  } catch {
    return undefined;
  }
}
