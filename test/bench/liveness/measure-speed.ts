import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { workerMemory } from '@openfrs/server';
import { sharedData } from '../../support/shared-data.ts';
import type { Speed } from './speed-process.ts';

/**
 * Judging a 5 s clip of 640 × 480 beside decoding it, in a process with the memory settings of the service's own
 * (`workerMemory`). @param totalMs of processor and wall time that one video may take
 * @throws Error where the process ends without an answer
 */
export async function measureSpeed(totalMs: number): Promise<Speed> {
  const path = 'clips/mp4_h264.mp4';
  const program = fileURLToPath(new URL('./speed-process.ts', import.meta.url));
  const child = fork(program, [sharedData(path) ?? path, String(totalMs)], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...workerMemory },
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The measured process ended without an answer (${code}).`);
  });
  const [speed] = await Promise.race([once(child, 'message') as Promise<[Speed]>, ended]);
  return speed;
}
