import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Gives a task to a new process that runs `program`, and answers what it tells; the process has ended then. */
export async function runInChildProcess<Task extends object, Told>(
  program: URL,
  task: Task,
  nodeOptions: readonly string[] = [],
): Promise<Told> {
  const execArgv = [...nodeOptions, '--import', 'tsx'];
  const child = fork(fileURLToPath(program), { execArgv, stdio: 'inherit' });
  child.send(task);
  const [told] = (await once(child, 'message')) as [Told];
  await once(child, 'exit');
  return told;
}
