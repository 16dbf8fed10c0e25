import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { root } from '../support/pages.ts';
import { runCommand } from '../support/run-command.ts';

async function openfrs(...line: string[]): Promise<string> {
  const { code, out } = await runCommand(line, {});
  expect(code).toBe(0);
  return out;
}

const cells = (row: string, separator: RegExp) => row.split(separator).filter((cell) => cell.trim() !== '');

describe('openfrs thresholds', () => {
  it('made the table by set size of the page on thresholds', async () => {
    const page = await readFile(`${root}packages/client/docs/thresholds.md`, 'utf8');
    const table = page.split('\n').filter((line) => /^\| +\d+ +\|( 0\.\d{4} +\|){3}$|^\| \d+ +\|/.test(line));
    const shown = table.map((line) => cells(line, /\|/).map((cell) => cell.trim()));
    const printed = (await openfrs('thresholds')).trim().split('\n').slice(1);
    expect(shown).toEqual(printed.map((line) => cells(line, / +/)));
  });

  it('asks for more the larger the set is and the fewer strangers may pass', async () => {
    const of = async (...more: string[]) => {
      const { thresholds } = JSON.parse(await openfrs('thresholds', ...more, '--json')) as {
        thresholds: { threshold: number; max_fpir: number; false_match_rate: number; faces: number }[];
      };
      return thresholds;
    };
    const [ten, one, tenth] = (await of('--faces', '5000')).map(({ threshold }) => threshold);
    expect(ten).toBeLessThan(one as number);
    expect(one).toBeLessThan(tenth as number);
    const [alone] = await of('--faces', '1', '--max-fpir', '0.0001');
    expect(alone?.threshold).toBeCloseTo(0.93, 3);
    for (const { false_match_rate: rate, faces, max_fpir } of await of()) {
      expect(1 - (1 - rate) ** faces).toBeCloseTo(max_fpir, 3);
    }
  });
});
