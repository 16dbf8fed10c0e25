import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Resident memory of the processes in which this process's service looks at pictures and videos, in MB. */
async function ofWorkers(): Promise<number> {
  const { stdout } = await run('ps', ['-eo', 'ppid=,rss=,args=']);
  const rows = stdout.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []);
  const workers = rows.filter(
    ([, parent, , args]) => Number(parent) === process.pid && /vision\/worker/.test(args ?? ''),
  );
  return Math.round(workers.reduce((sum, [, , kilobytes]) => sum + Number(kilobytes), 0) / 1024);
}

/** What they take before work, at most meanwhile, and after it once it is below `back` MB more than before (a minute is waited for that). */
export async function workersMemory(
  work: () => Promise<void>,
  back: number,
): Promise<{ readonly before: number; readonly peak: number; readonly after: number }> {
  const before = await ofWorkers();
  let peak = before;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      peak = Math.max(peak, await ofWorkers());
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  try {
    await work();
  } finally {
    isOver = true;
    await watching;
  }
  const until = Date.now() + 60_000;
  let after = await ofWorkers();
  while (after > before + back && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    after = await ofWorkers();
  }
  return { before, peak, after };
}
