import type { LivenessReport } from './report.ts';
import type { ReportFrame } from './report-frame.ts';

const width = 900;
const height = 120;
const names: Readonly<Record<number, string>> = {
  1: 'turn left',
  2: 'turn right',
  3: 'nod',
  4: 'mouth',
  5: 'blink',
};

/** The report as one HTML page without scripts or outside files: a plot a signal, events and windows shaded. */
export function reportPage(report: LivenessReport): string {
  const { judgement, request } = report;
  const rows = judgement.actions
    .map(({ action, confidence }, i) => {
      const window = request.windows?.[i];
      const event = judgement.schedule[i];
      const asked = window === undefined ? 'anywhere, in order' : `${window.from}–${window.to} ms`;
      const found = event === undefined ? 'none' : `${Math.round(event.from)}–${Math.round(event.to)} ms`;
      return `<tr><td>${action} ${names[action] ?? ''}</td><td>${asked}</td><td>${found}</td><td>${confidence.toFixed(3)}</td><td>${event?.depthScore?.toFixed(2) ?? ''}</td></tr>`;
    })
    .join('');
  const plots = (['yaw', 'pitch', 'mouth', 'eyes', 'live', 'size', 'roll', 'brightness'] as const)
    .map((signal) => plot(report, signal))
    .join('');
  const checks = report.checks
    .map(
      ({ name, action, value, limit, result, reason, frames }) =>
        `<tr><td>${name}${action === undefined ? '' : ` ${action}`}</td><td>${value === undefined ? '' : Number(value.toFixed(3))}</td><td>${limit}</td><td>${result}${reason === undefined ? '' : `: ${reason}`}</td><td>${frames}</td></tr>`,
    )
    .join('');
  const refusals = judgement.refusals
    .map(
      ({ check, action, value, limit, advice }) =>
        `<tr><td>${check}${action === undefined ? '' : ` ${action}`}</td><td>${value.toFixed(3)}</td><td>${limit}</td><td>${advice}</td></tr>`,
    )
    .join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Liveness report</title>
<style>body{font:14px system-ui;margin:2em;max-width:${width}px}td,th{padding:.2em .8em;text-align:left}svg{display:block;margin:.5em 0;background:#f7f7f7}text{font:11px system-ui}</style>
<h1>${judgement.alive ? 'Alive' : 'Not alive'}</h1>
<p>Warnings: ${judgement.warnings.join(', ') || 'none'}.</p>
<p>${lengthOf(report)}</p>
<table><tr><th>action</th><th>asked for</th><th>found</th><th>confidence</th><th>no picture’s (1: just)</th></tr>${rows}</table>
<h2>All checks</h2><table><tr><th>check</th><th>value</th><th>limit</th><th></th><th>frames</th></tr>${checks}</table>
${refusals === '' ? '' : `<h2>Checks that failed</h2><table><tr><th>check</th><th>value</th><th>limit</th><th>what to do</th></tr>${refusals}</table>`}
${plots}</html>`;
}

function lengthOf({ durationMs, decodedMs }: LivenessReport): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const looked = decodedMs < durationMs ? `the first ${seconds(decodedMs)} were` : 'all of it was';
  return `The video is ${seconds(durationMs)} long; ${looked} looked at.`;
}

function plot({ frames, durationMs, request, judgement }: LivenessReport, signal: keyof ReportFrame): string {
  const points = frames.flatMap((frame) => {
    const value = frame[signal];
    return value === undefined ? [] : [{ time: frame.timeMs, value }];
  });
  const values = points.map(({ value }) => value);
  const low = Math.min(0, ...values);
  const high = Math.max(...values, low + 0.1);
  const x = (time: number) => ((time / Math.max(1, durationMs)) * width).toFixed(1);
  const y = (value: number) => (height - 14 - ((value - low) / (high - low)) * (height - 28)).toFixed(1);
  const span = (from: number, to: number, colour: string, title: string) =>
    `<rect x="${x(from)}" y="0" width="${Math.max(2, Number(x(to)) - Number(x(from)))}" height="${height}" fill="${colour}" opacity=".25"><title>${title}</title></rect>`;
  const windows = (request.windows ?? []).map(({ from, to }) => span(from, to, '#48f', 'window')).join('');
  const events = judgement.events
    .filter(({ confidence }) => confidence >= 0.5)
    .map(({ action, from, to }) => span(from, to, '#2a2', names[action] ?? ''))
    .join('');
  const line = points.map(({ time, value }) => `${x(time)},${y(value)}`).join(' ');
  return `<svg width="${width}" height="${height}" role="img">${windows}${events}<line x1="0" x2="${width}" y1="${y(0)}" y2="${y(0)}" stroke="#bbb"/><polyline points="${line}" fill="none" stroke="#222"/><text x="4" y="12">${signal}: ${low.toFixed(2)} to ${high.toFixed(2)}</text></svg>`;
}
