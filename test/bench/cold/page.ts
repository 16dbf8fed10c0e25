import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { markdownTable } from '../report/markdown-table.ts';
import { median } from '../statistics/quantile.ts';

/** One new process of a function and one of its bare counterpart; milliseconds. */
export interface Round {
  /** From the start of the process to the first answer; of it until it asked for work. */
  readonly ms: number;
  readonly initMs: number;
  /** Processor time at the first answer. */
  readonly processorMs: number;
  /** The least of a few calls that follow. */
  readonly warmMs: number;
  readonly bare: {
    readonly ms: number;
    readonly processorMs: number;
    /** When all was imported and the sessions were made. */
    readonly readyMs: number;
    readonly readyProcessorMs: number;
  };
}

export interface ColdRow {
  readonly name: string;
  /** Of the function's zip. */
  readonly bundleBytes: number;
  /** The zips of its layers, by name. */
  readonly layers: readonly string[];
  /** To the stores, until the first answer. */
  readonly requests: number;
  readonly rounds: readonly Round[];
}

const heads = [
  ...['operation', 'bundle, KB', 'layers', 'init, ms', 'first call, ms', 'warm call, ms (least)'],
  ...[
    'processor time, ms',
    'bare: wall, ms',
    'bare: processor, ms',
    'over bare, wall',
    'over bare, processor',
  ],
  'over imports and sessions alone, processor',
];

/** One operation in a line. */
export function coldLine(row: ColdRow): string {
  const [name, ...cells] = cellsOf(row);
  return `${name}: ${cells.map((cell, at) => `${heads[at + 1]} ${cell}`).join('; ')}`;
}

/** The report as Markdown. */
export async function coldPage(rows: readonly ColdRow[], layers: string): Promise<string> {
  const names = [...new Set(rows.flatMap((row) => row.layers))];
  const sizes = await Promise.all(
    names.map(
      async (name) => `${name} ${((await stat(join(layers, `${name}.zip`))).size / 1e6).toFixed(1)} MB`,
    ),
  );
  return [
    markdownTable(heads, rows.map(cellsOf)),
    '',
    `Layers, zipped: ${sizes.length === 0 ? 'none' : sizes.join(', ')}.`,
  ].join('\n');
}

function cellsOf({ name, bundleBytes, layers, rounds }: ColdRow): string[] {
  const of = (value: (round: Round) => number) => median(rounds.map(value));
  const whole = (value: (round: Round) => number) => of(value).toFixed(0);
  const ratio = (value: (round: Round) => number) => of(value).toFixed(2);
  return [
    name,
    (bundleBytes / 1000).toFixed(0),
    layers.join(', '),
    whole(({ initMs }) => initMs),
    whole(({ ms, initMs }) => ms - initMs),
    Math.min(...rounds.map(({ warmMs }) => warmMs)).toFixed(0),
    whole(({ processorMs }) => processorMs),
    whole(({ bare }) => bare.ms),
    whole(({ bare }) => bare.processorMs),
    // Of the rounds' own ratios: both processes of a round met the same machine.
    ratio(({ ms, bare }) => ms / bare.ms),
    ratio(({ processorMs, bare }) => processorMs / bare.processorMs),
    ratio(({ processorMs, bare }) => processorMs / bare.readyProcessorMs),
  ];
}
