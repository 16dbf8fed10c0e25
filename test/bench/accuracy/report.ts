import { type OperationResult, rates, type SetResult } from '@openfrs/vision/evaluation';
import { markdownTable } from '../report/markdown-table.ts';
import type { AttributeResult } from './attributes.ts';
import type { ConditionResult } from './conditions.ts';
import type { DetectionResult, NoFaceResult, PrecisionRecall } from './detection.ts';
import { rocPlot } from './roc-plot.ts';

export interface AccuracyReport extends OperationResult {
  /** The embedder's id. */
  readonly model: string;
  readonly sets: SetResult[];
  readonly detection: DetectionResult[];
  noface?: NoFaceResult;
  /** Of the labelled faces of 40 px and more, by the least confidence of a detection. */
  precision_recall?: PrecisionRecall[];
  conditions?: ConditionResult[];
  attributes?: AttributeResult[];
}

interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function toMarkdown(report: AccuracyReport): string {
  const text = tables(report).map(({ title, head, rows }) =>
    [`## ${title}`, '', markdownTable(head, rows), ''].join('\n'),
  );
  return [`# Accuracy: ${report.model}\n`, ...text].join('\n');
}

export function toHtml(report: AccuracyReport): string {
  const body = tables(report).map(
    ({ title, head, rows }) =>
      `<h2>${escapeHtml(title)}</h2><table><tr>${head.map((cell) => `<th>${escapeHtml(cell)}</th>`).join('')}</tr>${rows
        .map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`)
        .join('')}</table>`,
  );
  const plots = report.sets.map(
    ({ name, curve }) => `<figure>${rocPlot([{ name: escapeHtml(name), curve }])}</figure>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Accuracy: ${escapeHtml(report.model)}</title>
<style>body{font:15px system-ui;margin:2rem;max-width:70rem}table{border-collapse:collapse}td,th{padding:.2rem .6rem;
border-bottom:1px solid #ccc;text-align:right}td:first-child,th:first-child{text-align:left}figure{display:inline-block}</style>
<h1>Accuracy: ${escapeHtml(report.model)}</h1>${body.join('\n')}${plots.join('\n')}</html>\n`;
}

/** The sets with the most to tell in one plot: all against all, by pairs of strangers. */
export function toSvg({ sets }: AccuracyReport): string {
  const shown = sets
    .filter(({ name }) => name.endsWith(', all against all'))
    .sort((a, b) => b.impostor - a.impostor)
    .slice(0, 3);
  return rocPlot(
    shown.map(({ name, curve }) => ({ name: escapeHtml(name.replace(', all against all', '')), curve })),
  );
}

function tables(report: AccuracyReport): Table[] {
  const { sets, detection, noface, identification, groups, degraded, discard } = report;
  const { attributes = [], conditions = [], precision_recall = [] } = report;
  const all: Table[] = [
    {
      title: 'Verification',
      head: [
        'set',
        'genuine',
        'impostor',
        'AUC',
        ...rates.map(({ label }) => `TAR at ${label}`),
        'accuracy',
        'not found',
      ],
      rows: sets.map((set) => [
        set.name,
        `${set.genuine}`,
        `${set.impostor}`,
        set.auc.toFixed(4),
        ...rates.map(({ label }) => set.tar[label]?.toFixed(4) ?? '–'),
        set.accuracy.toFixed(4),
        `${set.not_found} of ${set.pictures}`,
      ]),
    },
    {
      title: 'Thresholds: cosine (similarity) at a false acceptance rate',
      head: ['set', ...rates.map(({ label }) => label)],
      rows: sets.map((set) => [
        set.name,
        ...rates.map(({ label }) => {
          const at = set.thresholds[label];
          return at === undefined ? '–' : `${at.cosine.toFixed(3)} (${at.similarity?.toFixed(3) ?? '–'})`;
        }),
      ]),
    },
    {
      title: 'Open-set identification (ISO/IEC 19795-1)',
      head: [
        'gallery',
        'photos a person',
        'FPIR',
        'foretold',
        'FNIR',
        '95 %',
        'rank 1',
        'mated, non-mated searches',
      ],
      rows: identification.map((row) => [
        `${row.gallery}`,
        `${row.photos}`,
        percent(row.fpir),
        row.fpir_expected === undefined ? '–' : percent(row.fpir_expected),
        percent(row.fnir),
        row.fnir_95.map(percent).join(' – '),
        percent(row.rank1),
        `${row.mated_searches}, ${row.nonmated_searches}`,
      ]),
    },
    {
      title: 'False acceptances at similarity .93 within a group',
      head: ['group', 'people', 'pairs', 'FAR', '95 %'],
      rows: groups.map(({ group, people, pairs, far, far_95 }) => [
        ...[group, `${people}`, `${pairs}`, far.toExponential(1)],
        far_95.map((value) => value.toExponential(1)).join(' – '),
      ]),
    },
    {
      title: 'False acceptances at similarity .93 between poor photos',
      head: ['both photos', 'face found', 'pairs', 'FAR', '95 %'],
      rows: degraded.map(({ name, photos, found, pairs, far, far_95 }) => [
        ...[name, `${found} of ${photos}`, `${pairs}`, percent(far)],
        far_95.map(percent).join(' – '),
      ]),
    },
    {
      title: 'Errors over discarded photos, by recognisability (ISO/IEC 29794-1): false non-matches at .93',
      head: ['photos', 'discarded', 'below', 'comparisons left', 'FNMR', '95 %'],
      rows: discard.map(({ photos, discarded, quality, comparisons, fnmr, fnmr_95 }) => [
        ...[photos, percent(discarded), quality.toFixed(2), `${comparisons}`, percent(fnmr)],
        fnmr_95.map(percent).join(' – '),
      ]),
    },
    {
      title: 'Detection',
      head: ['set', 'shorter side', 'faces', 'recall', 'unmatched'],
      rows: [
        ...detection.map((row) => [
          row.set,
          `≥ ${row.min_px} px`,
          `${row.faces}`,
          row.recall.toFixed(4),
          `${row.unmatched}`,
        ]),
        ...(noface
          ? [
              [`noface (${noface.images} pictures)`, '', '', '', `${noface.detections}`],
              [`the same, changed (${noface.varied.pictures})`, '', '', '', `in ${noface.varied.with_face}`],
            ]
          : []),
      ],
    },
    {
      title: 'Detection: precision and recall (≥ 40 px) by least confidence',
      head: ['confidence', 'precision', 'recall'],
      rows: precision_recall.map(({ confidence, precision, recall }) =>
        [confidence, precision, recall].map((value) => value.toFixed(3)),
      ),
    },
    {
      title: 'Turned photos and poor light',
      head: ['condition', 'cases', 'right', '95 %'],
      rows: conditions.map(({ condition, cases, right, right_95 }) => [
        ...[condition, `${cases}`, percent(right)],
        right_95.map(percent).join(' – '),
      ]),
    },
    {
      title: 'Attributes: mean errors',
      head: ['attribute', 'held against', 'cases', 'error'],
      rows: attributes.map(({ attribute, against, cases, error, unit }) => [
        attribute,
        against,
        `${cases}`,
        {
          degrees: `${error.toFixed(1)}°`,
          years: `${error.toFixed(1)} years`,
          share: `${(100 * error).toFixed(1)} %`,
        }[unit],
      ]),
    },
  ];
  return all.filter(({ rows }) => rows.length > 0);
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
