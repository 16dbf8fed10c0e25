import { costOf, storageLines } from './prices.ts';

/** What was measured of an operation; all times in milliseconds. */
export interface Measured {
  readonly name: string;
  readonly megabytes: number;
  /** Of the function's zip. */
  readonly bundleBytes: number;
  /** From a new instance's start until it can take a call, and its first call. */
  readonly initMs: number;
  readonly firstMs: number;
  /** Warm calls: as they were, and the processor time of one on all cores. */
  readonly medianMs: number;
  readonly leastMs: number;
  readonly processorMs: number;
  /** Requests to the stores, a call. */
  readonly reads: number;
  readonly writes: number;
  readonly gets: number;
}

/** A processor comes with so many megabytes: Lambda gives less memory a share of one. */
const perProcessor = 1769;
const sweep = [512, 1024, 1769, 3008];

/** What a request to a store takes: DynamoDB and S3 answer in single-digit milliseconds. */
const storeMs = 5;

/**
 * How long a warm call takes with so much memory: its processor time on its share of a processor, and its requests to the stores one
 * after another. What else the machine does lengthens the calls here, and hardly their processor time.
 */
function onLambda({ processorMs, reads, writes, gets }: Measured, megabytes: number): number {
  return processorMs * Math.max(1, perProcessor / megabytes) + storeMs * (reads + writes + gets);
}

/** The report as Markdown. */
export function costPage(rows: readonly Measured[]): string {
  return [
    table(
      [
        'operation',
        'ms, warm',
        'MB',
        'functions and gateway, $',
        'stores, $',
        '1,000 calls, $',
        'Rekognition, $',
      ],
      rows.map((row) => {
        const ms = onLambda(row, row.megabytes);
        const { lambda, stores, total, rekognition } = costOf({ ...row, ms });
        const dollars = [lambda, stores, total].map((cell) => cell.toFixed(4));
        return [row.name, ms.toFixed(0), String(row.megabytes), ...dollars, rekognition?.toFixed(2) ?? ''];
      }),
    ),
    table(
      ['milliseconds / $ for 1,000 calls by memory', ...sweep.map((megabytes) => `${megabytes} MB`)],
      rows.map((row) => [
        row.name,
        ...sweep.map((megabytes) => {
          const ms = onLambda(row, megabytes);
          return `${ms.toFixed(0)} / ${costOf({ ...row, ms, megabytes }).total.toFixed(4)}`;
        }),
      ]),
    ),
    table(
      [
        'a new instance',
        'bundle, KB',
        'init, ms',
        'first call, ms',
        'warm call here, ms (least)',
        'processor time, ms',
      ],
      rows.map(({ name, bundleBytes, initMs, firstMs, medianMs, leastMs, processorMs }) => [
        ...[name, (bundleBytes / 1000).toFixed(0), initMs.toFixed(0), firstMs.toFixed(0)],
        ...[`${medianMs.toFixed(0)} (${leastMs.toFixed(0)})`, processorMs.toFixed(0)],
      ]),
    ),
    storageLines().join('\n'),
  ].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
