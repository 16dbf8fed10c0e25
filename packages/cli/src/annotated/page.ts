import type { Row } from '../terminal/output.ts';
import type { AnnotatedPhoto } from './annotated-photo.ts';
import { escaped } from './overlay.ts';

const style = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color-scheme:light dark}
section{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));align-items:start;margin:2rem 0;border-top:1px solid #8888;padding-top:1rem}
h2{grid-column:1/-1;font-size:1.1rem;margin:0;overflow-wrap:anywhere}img{max-width:100%;height:auto}
table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left;overflow-wrap:anywhere;vertical-align:top}`;

/** Begins an HTML page without scripts or outside files. It shows people: it is as sensitive as the photos. */
export const pageHead = (title: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${style}</style><h1>${escaped(title)}</h1>\n`;

/** A photo with its marks, and a table of what was found: one after the other, as a page of thousands is longer than any string. */
export function pageSection({ file, rows }: AnnotatedPhoto, jpeg: Uint8Array | undefined): string {
  const picture =
    jpeg === undefined
      ? '<p>No picture.</p>'
      : `<img alt="${escaped(file)}" loading="lazy" src="data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}">`;
  return `<section><h2>${escaped(file)}</h2>${picture}<div>${table(rows)}</div></section>\n`;
}

export const pageEnd = '</html>\n';

function table(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== 'file');
  const cells = (tag: 'td' | 'th', texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('')}</tr>`;
  const text = (value: Row[string]) => (Array.isArray(value) ? value.join(', ') : String(value ?? ''));
  return `<table>${cells('th', names)}${rows
    .map((row) =>
      cells(
        'td',
        names.map((name) => text(row[name])),
      ),
    )
    .join('')}</table>`;
}
