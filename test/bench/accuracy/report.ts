import { rates, type SetResult } from '@openfrs/vision/evaluate/index.ts';
import type { DetectionResult } from './detection.ts';
import type { PoseResult } from './pose.ts';
import { rocPlot } from './roc-plot.ts';

export interface AccuracyReport {
  /** The embedder's id. */
  readonly model: string;
  readonly sets: SetResult[];
  readonly detection: DetectionResult[];
  noface?: { images: number; detections: number };
  pose?: PoseResult;
}

interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function toMarkdown(report: AccuracyReport): string {
  const text = tables(report).map(({ title, head, rows }) =>
    [
      `## ${title}`,
      '',
      `| ${head.join(' | ')} |`,
      `|${head.map(() => '---').join('|')}|`,
      ...rows.map((row) => `| ${row.join(' | ')} |`),
      '',
    ].join('\n'),
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
    ({ name, curve }) => `<figure>${rocPlot(curve)}<figcaption>${escapeHtml(name)}</figcaption></figure>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Accuracy: ${escapeHtml(report.model)}</title>
<style>body{font:15px system-ui;margin:2rem;max-width:70rem}table{border-collapse:collapse}td,th{padding:.2rem .6rem;
border-bottom:1px solid #ccc;text-align:right}td:first-child,th:first-child{text-align:left}figure{display:inline-block}</style>
<h1>Accuracy: ${escapeHtml(report.model)}</h1>${body.join('\n')}${plots.join('\n')}</html>\n`;
}

function tables(report: AccuracyReport): Table[] {
  const { sets, detection, noface, pose } = report;
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
        ...(noface ? [[`noface (${noface.images} pictures)`, '', '', '', `${noface.detections}`]] : []),
      ],
    },
    {
      title: 'Pose',
      head: ['angle', 'pictures', 'mean error'],
      rows: pose ? [['roll', `${pose.pictures}`, `${pose.roll.toFixed(1)}°`]] : [],
    },
  ];
  return all.filter(({ rows }) => rows.length > 0);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
