import type { Curve } from '@openfrs/vision/evaluation';

const width = 560;
const height = 320;
const left = 56;
const right = 16;
const bottom = 262;
const top = 16;
/** Decades of the false acceptance rate on the x axis. */
const decades = [-5, -4, -3, -2, -1, 0];
/** The lowest true acceptance rate on the y axis. */
const lowest = 0.5;
/** Light and dark backgrounds; each line also has a dash of its own. */
const style = `text{fill:#57606a;font:12px system-ui,sans-serif}.grid{stroke:#d0d7de}
.c0{stroke:#0969da}.c1{stroke:#bc4c00;stroke-dasharray:7 3}.c2{stroke:#1a7f37;stroke-dasharray:2 3}
@media(prefers-color-scheme:dark){text{fill:#9198a1}.grid{stroke:#3d444d}.c0{stroke:#4493f8}.c1{stroke:#f0883e}.c2{stroke:#3fb950}}`;

/** ROC curves (three at most) as SVG, the false acceptance rate on a logarithmic axis. */
export function rocPlot(curves: readonly { readonly name: string; readonly curve: Curve }[]): string {
  const x = (far: number) => left + ((Math.max(Math.log10(far), -5) + 5) / 5) * (width - left - right);
  const y = (tar: number) => bottom - ((Math.max(tar, lowest) - lowest) / (1 - lowest)) * (bottom - top);
  const at = (value: number) => value.toFixed(1);
  const vertical = decades.map(
    (decade) =>
      `<line class="grid" x1="${at(x(10 ** decade))}" x2="${at(x(10 ** decade))}" y1="${top}" y2="${bottom}"/>` +
      `<text x="${at(x(10 ** decade))}" y="${bottom + 18}" text-anchor="middle">${decade === 0 ? '1' : `1e${decade}`}</text>`,
  );
  const horizontal = [0.5, 0.6, 0.7, 0.8, 0.9, 1].map(
    (tar) =>
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${at(y(tar))}" y2="${at(y(tar))}"/>` +
      `<text x="${left - 8}" y="${at(y(tar) + 4)}" text-anchor="end">${tar}</text>`,
  );
  const lines = curves.map(({ name, curve }, index) => {
    const points = curve.points.map(([far, tar]) => `${at(x(far))},${at(y(tar))}`).join(' ');
    const row = bottom - 12 - 18 * (curves.length - 1 - index);
    return (
      `<polyline class="c${index}" points="${points}" fill="none" stroke-width="2"/>` +
      `<line class="c${index}" x1="${width - 220}" x2="${width - 190}" y1="${row - 4}" y2="${row - 4}" stroke-width="2"/>` +
      `<text x="${width - 182}" y="${row}">${name}</text>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">` +
    `<title>True over false acceptance rate</title><style>${style}</style>${vertical.join('')}${horizontal.join('')}${lines.join('')}` +
    `<text x="${(left + width - right) / 2}" y="${height - 10}" text-anchor="middle">false acceptance rate</text>` +
    `<text x="14" y="${(top + bottom) / 2}" transform="rotate(-90 14 ${(top + bottom) / 2})" text-anchor="middle">true acceptance rate</text></svg>\n`
  );
}
