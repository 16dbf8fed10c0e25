import { markdownTable } from '../report/markdown-table.ts';
import { costOf, storageLines } from './prices.ts';

/** What was measured of an operation. */
export interface Measured {
  readonly name: string;
  /** The memory that its function is deployed with. */
  readonly deployed: number;
  /** By memory, the least first. */
  readonly sizes: readonly {
    readonly megabytes: number;
    /** A warm call in the function, in milliseconds: the median, the least, and its processor time. */
    readonly ms: number;
    readonly leastMs: number;
    readonly processorMs: number;
    /** The most memory that its process has had. */
    readonly peakMegabytes: number;
    /** Requests to the stores, a call. */
    readonly reads: number;
    readonly writes: number;
    readonly gets: number;
  }[];
}

type Size = Measured['sizes'][number];

/** What a function has beside its peak, so that a larger picture than the bench's doesn't end it. */
const spare = 1.25;

/** Marks the part of a page that the bench writes. */
const marks = ['<!-- made by npm run bench cost -->', '<!-- end -->'] as const;

/** The page with its marked part replaced. @throws Error it has none */
export function written(page: string, part: string): string {
  const [from, to] = marks.map((mark) => page.indexOf(mark)) as [number, number];
  if (from < 0 || to < from) throw new Error(`The page has no part between ${marks.join(' and ')}.`);
  return `${page.slice(0, from + marks[0].length)}\n\n${part}\n\n${page.slice(to)}`;
}

/** The report as Markdown. */
export function costPage(rows: readonly Measured[]): string {
  const sizes = rows[0]?.sizes.map(({ megabytes }) => megabytes) ?? [];
  return [
    markdownTable(
      [
        'operation',
        'MB',
        'ms, warm',
        'of a processor, ms',
        'functions and gateway, $',
        'stores, $',
        '1,000 calls, $',
        'Rekognition, $',
      ],
      rows.map((row) => {
        const { name } = row;
        const size = row.sizes.find(({ megabytes }) => megabytes === row.deployed) as Size;
        const { lambda, stores, total, rekognition } = costOf({ ...size, name });
        const dollars = [lambda, stores, total].map((cell) => cell.toFixed(4));
        return [
          name,
          String(size.megabytes),
          size.ms.toFixed(0),
          size.processorMs.toFixed(0),
          ...dollars,
          rekognition?.toFixed(2) ?? '',
        ];
      }),
    ),
    markdownTable(
      [
        'ms / $ for 1,000 calls',
        ...sizes.map((megabytes) => `${megabytes} MB`),
        'peak, MB',
        'cheapest that fits',
      ],
      rows.map((row) => [
        row.name,
        ...sizes.map((megabytes) => {
          const size = row.sizes.find((one) => one.megabytes === megabytes);
          return size === undefined ? '' : `${size.ms.toFixed(0)} / ${totalOf(row, size).toFixed(4)}`;
        }),
        peakOf(row).toFixed(0),
        cheapestOf(row),
      ]),
    ),
    storageLines().join('\n'),
  ].join('\n\n');
}

const totalOf = ({ name }: Measured, size: Size) => costOf({ ...size, name }).total;
const peakOf = ({ sizes }: Measured) => Math.max(...sizes.map(({ peakMegabytes }) => peakMegabytes));

/** Of sizes that its process fits into with some to spare; a price within 3 % of the lowest counts as low, and then the fastest wins. */
function cheapestOf(row: Measured): string {
  const fitting = row.sizes.filter(({ megabytes }) => megabytes >= spare * peakOf(row));
  const lowest = Math.min(...fitting.map((size) => totalOf(row, size)));
  const best = fitting.filter((size) => totalOf(row, size) <= 1.03 * lowest).at(-1);
  return best === undefined ? 'none' : `${best.megabytes} MB`;
}
