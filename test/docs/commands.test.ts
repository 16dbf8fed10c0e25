import { execFile, execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { program } from '@openfrs/cli';
import { describe, expect, it } from 'vitest';
import { blocksOf, root } from '../support/pages.ts';

const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');

/** The `openfrs …` of a page's shell blocks, to be pasted, and those in its sentences and tables, some of which only name a command. */
async function commandLines(page: string): Promise<{ pasted: string[]; named: string[] }> {
  const blocks = (await blocksOf(page)).filter(({ language }) => language === 'sh');
  const text = (await readFile(`${root}${page}`, 'utf8')).replaceAll(/^```.*?^```$/gms, '');
  return {
    pasted: blocks.flatMap((block) => block.text.replaceAll('\\\n', ' ').split('\n')).flatMap(commandsIn),
    named: [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => commandsIn(code)),
  };
}

function commandsIn(line: string): string[] {
  const found = /^(?:npx sst shell --stage \w+ -- )?(?:npx openfrs (.*)|openfrs ([a-z].*))$/.exec(
    line.trim(),
  );
  return found === null ? [] : each((found[1] ?? found[2] ?? '').replace(/\s+(#|\|\||&&|[|;>]).*$/, ''));
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
    const lines = await Promise.all(pages.map(commandLines));
    const pasted = lines.flatMap((one) => one.pasted);
    const named = lines.flatMap((one) => one.named);
    expect(pasted.length).toBeGreaterThan(30);
    expect(named.length).toBeGreaterThan(10);
    const wrong = (await Promise.all(pasted.map(complaint))).filter(Boolean);
    // `models list|add` in a block says which there are.
    expect(wrong.filter((text) => !/^models (add|use): .*missing required argument/.test(text))).toEqual([]);
    const unknown = (await Promise.all(named.map(complaint))).filter(
      (text) => text !== '' && !/names a group|^[a-z-]+: Usage: |missing required argument/.test(text),
    );
    expect(unknown).toEqual([]);
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
