import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A control group (version 1) whose processes share so much processor time. */
export interface ProcessorShare {
  /** A file: a process whose id is written into it is moved into the group, with all that it starts from then on. */
  readonly procs: string;
  /** To be called when its processes have ended. */
  remove(): void;
}

/** In microseconds: the shorter, the less a short job has before it is held back. */
const periodUs = 20_000;

/**
 * Processes that have used up their part of a period wait for the next one, as on Lambda.
 * @param processors e.g. 0.5: half of one processor's time
 * @throws Error this process may not make control groups, or the machine has no version 1 of them
 */
export function createShare(name: string, processors: number): ProcessorShare {
  const folder = join('/sys/fs/cgroup/cpu', `${name}-${process.pid}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'cpu.cfs_period_us'), String(periodUs));
  writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(Math.round(periodUs * processors)));
  return { procs: join(folder, 'cgroup.procs'), remove: () => rmdirSync(folder) };
}

/** Can this process make one? */
export function canShare(): boolean {
  try {
    createShare('openfrs-try', 1).remove();
    return true;
  } catch {
    return false;
  }
}
