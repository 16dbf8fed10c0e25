import { stripVTControlCharacters, styleText } from 'node:util';
import { writeJson } from '@openfrs/contract';
import type { Screen, Terminal } from './terminal.ts';

type Value = string | number | boolean | readonly string[] | undefined;

/** Names to values, in the order of showing. */
export type Row = Readonly<Record<string, Value>>;

/** What a command answers: a table, one record, or a sentence; `failed`: what was found is bad. */
export type Output =
  | {
      readonly rows: readonly Row[];
      readonly empty?: string;
      readonly failed?: boolean;
      /** What `--json` prints in place of the rows. */
      readonly document?: unknown;
    }
  | {
      readonly record: Row;
      readonly note?: string;
      readonly failed?: boolean;
      /** What `--json` prints in place of the record. */
      readonly document?: unknown;
    }
  | { readonly done: string; readonly record?: Row };

/** Prints a command's answer: for people as text, for programs (`--json`) as one JSON document. */
export function print(output: Output, { environment, stdout, stderr }: Terminal, json: boolean): void {
  if (json) {
    const own = 'rows' in output ? output.rows : (output.record ?? {});
    const document = ('document' in output ? output.document : undefined) ?? own;
    // Answers of the service may hold integers that JavaScript's numbers can't.
    stdout.write(`${writeJson(document)}\n`);
    return;
  }
  const bold = boldOn(stdout, environment);
  if ('rows' in output) {
    if (output.rows.length === 0) stderr.write(`${output.empty ?? 'Nothing there.'}\n`);
    else stdout.write(table(output.rows, bold));
  } else if ('done' in output) {
    stdout.write(`${output.done}\n`);
  } else {
    stdout.write(record(output.record, bold));
    if (output.note !== undefined) stderr.write(`\n${output.note}\n`);
  }
}

function record(row: Row, bold: Style): string {
  const fields = Object.entries(row).filter(([, value]) => value !== undefined);
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${bold(name.padEnd(width))}  ${text(value)}\n`).join('');
}

function table(rows: readonly Row[], bold: Style): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => names.map((name) => text(row[name])));
  const widths = names.map((name, index) =>
    Math.max(columns(name), ...lines.map((line) => columns(line[index] ?? ''))),
  );
  const format = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - columns(cell)))
      .join('  ')
      .trimEnd();
  return [bold(format(names)), ...lines.map(format)].map((line) => `${line}\n`).join('');
}

function text(value: Value): string {
  const shown = value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value);
  // Names come from users: nothing in them may steer the terminal.
  return stripVTControlCharacters(shown).replace(/\p{Cc}/gu, '');
}

/** Columns of a terminal that a text takes: East Asian wide letters take two. */
function columns(line: string): number {
  return [...line].reduce(
    (sum, letter) =>
      sum +
      (/[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/.test(
        letter,
      )
        ? 2
        : 1),
    0,
  );
}

type Style = (line: string) => string;

/** Bold on a terminal, unless `NO_COLOR` is set. */
function boldOn(screen: Screen, environment: Terminal['environment']): Style {
  const isPlain = screen.isTTY !== true || (environment.NO_COLOR ?? '') !== '';
  return (line) => (isPlain ? line : styleText('bold', line, { validateStream: false }));
}
