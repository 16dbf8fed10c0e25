import type { Curve } from '@openfrs/vision/evaluate/index.ts';

const width = 420;
const height = 300;
const left = 50;
const bottom = 260;
/** Decades of the false acceptance rate on the x axis. */
const decades = [-5, -4, -3, -2, -1, 0];
/** The lowest true acceptance rate on the y axis. */
const lowest = 0.5;

/** A ROC curve as SVG, the false acceptance rate on a logarithmic axis. */
export function rocPlot(curve: Curve): string {
  const x = (far: number) => left + ((Math.max(Math.log10(far), -5) + 5) / 5) * (width - left - 10);
  const y = (tar: number) => bottom - ((Math.max(tar, lowest) - lowest) / (1 - lowest)) * (bottom - 15);
  const line = curve.points.map(([far, tar]) => `${x(far).toFixed(1)},${y(tar).toFixed(1)}`).join(' ');
  const vertical = decades.map(
    (decade) =>
      `<line x1="${x(10 ** decade)}" x2="${x(10 ** decade)}" y1="15" y2="${bottom}" stroke="#ddd"/>` +
      `<text x="${x(10 ** decade)}" y="${bottom + 16}" text-anchor="middle">1e${decade}</text>`,
  );
  const horizontal = [0.5, 0.6, 0.7, 0.8, 0.9, 1].map(
    (tar) =>
      `<line x1="${left}" x2="${width - 10}" y1="${y(tar)}" y2="${y(tar)}" stroke="#ddd"/>` +
      `<text x="${left - 6}" y="${y(tar) + 4}" text-anchor="end">${tar}</text>`,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="system-ui" font-size="11">` +
    `${vertical.join('')}${horizontal.join('')}<polyline points="${line}" fill="none" stroke="#0969da" stroke-width="2"/>` +
    `<text x="${(left + width) / 2}" y="${height - 6}" text-anchor="middle">false acceptance rate</text>` +
    `<text x="12" y="${bottom / 2}" transform="rotate(-90 12 ${bottom / 2})" text-anchor="middle">true acceptance rate</text></svg>`
  );
}
