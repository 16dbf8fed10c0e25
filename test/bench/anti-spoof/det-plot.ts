/** Error rates of one combination at falling thresholds: shares of bona fide and of attack presentations. */
export interface DetCurve {
  readonly name: string;
  readonly points: readonly (readonly [bpcer: number, apcer: number])[];
}

const [width, height, left, right, top, bottom] = [560, 320, 56, 16, 16, 262];
/** Both axes are logarithmic; less than this is drawn at the edge. */
const least = 0.001;
const marks = [0.001, 0.01, 0.1, 1];
/** Light and dark backgrounds; each line also has a dash of its own. */
const style = `text{fill:#57606a;font:12px system-ui,sans-serif}.grid{stroke:#d0d7de}
.c0{stroke:#0969da}.c1{stroke:#bc4c00;stroke-dasharray:7 3}.c2{stroke:#1a7f37;stroke-dasharray:2 3}.c3{stroke:#8250df;stroke-dasharray:9 2 2 2}
@media(prefers-color-scheme:dark){text{fill:#9198a1}.grid{stroke:#3d444d}.c0{stroke:#4493f8}.c1{stroke:#f0883e}.c2{stroke:#3fb950}.c3{stroke:#ab7df8}}`;

/** DET curves (ISO/IEC 30107-3; four at most) as SVG: BPCER to the right, APCER upwards. */
export function detPlot(curves: readonly DetCurve[]): string {
  const part = (rate: number) => 1 - Math.log10(Math.max(rate, least)) / Math.log10(least);
  const x = (bpcer: number) => (left + part(bpcer) * (width - left - right)).toFixed(1);
  const y = (apcer: number) => (bottom - part(apcer) * (bottom - top)).toFixed(1);
  const grid = marks.map(
    (mark) =>
      `<line class="grid" x1="${x(mark)}" x2="${x(mark)}" y1="${top}" y2="${bottom}"/><text x="${x(mark)}" y="${bottom + 18}" text-anchor="middle">${mark}</text>` +
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${y(mark)}" y2="${y(mark)}"/><text x="${left - 8}" y="${y(mark)}" text-anchor="end">${mark}</text>`,
  );
  const lines = curves.map(({ name, points }, index) => {
    const row = bottom - 12 - 18 * (curves.length - 1 - index);
    return (
      `<polyline class="c${index}" points="${points.map(([bpcer, apcer]) => `${x(bpcer)},${y(apcer)}`).join(' ')}" fill="none" stroke-width="2"/>` +
      `<line class="c${index}" x1="${left + 10}" x2="${left + 40}" y1="${row - 4}" y2="${row - 4}" stroke-width="2"/><text x="${left + 48}" y="${row}">${name}</text>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">` +
    `<title>Attacks passed over people refused</title><style>${style}</style>${grid.join('')}${lines.join('')}` +
    `<text x="${(left + width - right) / 2}" y="${height - 10}" text-anchor="middle">people refused (BPCER)</text>` +
    `<text x="14" y="${(top + bottom) / 2}" transform="rotate(-90 14 ${(top + bottom) / 2})" text-anchor="middle">attacks passed (APCER)</text></svg>\n`
  );
}
