import { runInChildProcess } from './child-process.ts';
import type { Task, Told } from './cold-search.ts';

const program = new URL('./cold-search.ts', import.meta.url);

/**
 * Cold searches of a full set beside plain reads of its int8 block, each from a process of its own, in which one and the other
 * come first by turns. Searching one set again and again in one process would measure how what went before is cleared away.
 * @param rounds processes
 */
export async function coldSearches(rounds: number, task: Omit<Task, 'round'>): Promise<Told[]> {
  const told: Told[] = [];
  for (let round = 0; round < rounds; round += 1) {
    told.push(await runInChildProcess<Task, Told>(program, { ...task, round }));
  }
  return told;
}
