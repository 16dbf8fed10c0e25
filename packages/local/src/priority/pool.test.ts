import { execFile } from 'node:child_process';
import { getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const preload = fileURLToPath(new URL('./pool.cjs', import.meta.url));
const threads = 7;

/** Prints the niceness of each thread of a process that has used the pool (proc(5): the 19th field), the first thread's first. */
const program = `
  const { readFileSync, readdirSync, promises } = require('node:fs');
  promises.stat('.').then(() => {
    const tasks = readdirSync('/proc/self/task').sort((a, b) => a - b);
    const fields = (task) => readFileSync('/proc/self/task/' + task + '/stat', 'utf8').split(') ')[1].split(' ');
    console.log(JSON.stringify(tasks.map((task) => Number(fields(task)[16]))));
  });`;

test.runIf(process.platform === 'linux' && getPriority() < 19)(
  'pictures are decoded in threads that go behind the ones that answer',
  async () => {
    const env = { ...process.env, UV_THREADPOOL_SIZE: String(threads), NODE_OPTIONS: '' };
    const { stdout } = await promisify(execFile)(process.execPath, ['--require', preload, '-e', program], {
      env,
    });
    const [main, ...others] = JSON.parse(stdout) as number[];
    expect(main).toBe(getPriority());
    expect(others.filter((niceness) => niceness > getPriority()).length).toBeGreaterThanOrEqual(threads);
  },
);
