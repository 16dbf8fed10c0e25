import { execFile, execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { program } from '@openfrs/cli';
import { describe, expect, it } from 'vitest';
import { blocksOf, root } from './pages.ts';

const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');

/** Every `openfrs …` of a page: in its shell blocks, and as code in its sentences and tables. */
async function commandLines(page: string): Promise<string[]> {
  const blocks = (await blocksOf(page)).filter(({ language }) => language === 'sh');
  const text = (await readFile(`${root}${page}`, 'utf8')).replaceAll(/^```.*?^```$/gms, '');
  const inText = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  const lines = blocks.flatMap((block) => block.text.replaceAll('\\\n', ' ').split('\n'));
  return [...lines, ...inText]
    .map((line) =>
      /^(?:npx sst shell --stage \w+ -- )?npx openfrs (.*)$|^openfrs ([a-z].*)$/.exec(line.trim()),
    )
    .flatMap((found) =>
      found === null ? [] : [...each((found[1] ?? found[2] ?? '').replace(/\s+(#|\|\||&&|[|;>]).*$/, ''))],
    );
}

/** `models list|add` is two commands. */
function each(line: string): string[] {
  const choice = line.split(' ').find((word) => /^[a-z-]+(\|[a-z-]+)+$/.test(word));
  return choice === undefined ? [line] : choice.split('|').map((word) => line.replace(choice, word));
}

/** What is wrong with a command line: understood up to its action, which is not begun. */
async function complaint(line: string): Promise<string> {
  class Understood extends Error {}
  const terminal = { environment: {}, stdin: Readable.from([]), stdout: sink(), stderr: sink() };
  const session = { terminal, failed: false, stores: () => Promise.reject(new Error('none')) };
  const command = program(session);
  let said = '';
  const quiet = (one: typeof command): void => {
    one.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: (text) => (said += text) });
    for (const child of one.commands) quiet(child as typeof command);
  };
  quiet(command);
  command.hook('preAction', () => {
    throw new Understood();
  });
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  try {
    await command.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof Understood) return '';
    if ((error as { exitCode?: number }).exitCode === 0) return '';
  }
  return `${line}: ${said || 'names a group, not a command'}`;
}

const sink = () => ({ write: () => true });

describe('the commands that the pages name', () => {
  it('are understood, with their arguments and options', async () => {
    const lines = (await Promise.all(pages.map(commandLines))).flat();
    // A verb alone, in a sentence, is the name of a command and no command line.
    const whole = lines.filter((line) => line.includes(' ') || line === 'sweep');
    expect(whole.length).toBeGreaterThan(40);
    const wrong = await Promise.all(whole.map(complaint));
    expect(
      wrong.filter((text) => text !== '' && !/names a group|missing required argument/.test(text)),
    ).toEqual([]);
    // In a shell block, to be pasted: with all that it takes.
    for (const page of pages) {
      const blocks = (await blocksOf(page)).filter(({ language }) => language === 'sh');
      const pasted = new Set(blocks.flatMap(({ text }) => text.split('\n').map((line) => line.trim())));
      const inBlocks = (await commandLines(page)).filter((line) =>
        [...pasted].some((one) => one.includes(line)),
      );
      expect(
        (await Promise.all(inBlocks.filter((line) => line.includes(' ')).map(complaint))).filter(Boolean),
      ).toEqual([]);
    }
  });

  it('would be noticed if they were not', async () => {
    expect(await complaint('account create --domain NAME --user NAME')).toContain('--domain');
    expect(await complaint('account create')).toContain('missing required argument');
    expect(await complaint('acount create acme')).not.toBe('');
    expect(await complaint('account create acme --user admin')).toBe('');
  });
});

describe("a shell that has read a local server's credentials", () => {
  const local = {
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:8081',
    AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:8082',
  };
  const deploy = (own: Record<string, string>) =>
    promisify(execFile)('npm', ['run', '--silent', 'deploy', '--', '--stage', 'never'], {
      cwd: root,
      env: { ...process.env, ...own },
    });

  it('is refused by npm run deploy with a sentence, before anything is built', async () => {
    const error = await deploy(local).then(
      () => ({ stderr: 'deployed' }),
      (failed: { stderr: string }) => failed,
    );
    expect(error.stderr).toMatch(
      /settings of a local server \(AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_DYNAMODB\)/,
    );
    expect(error.stderr).not.toMatch(/^\s+at |layers/m);
  });
});
