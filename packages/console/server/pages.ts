import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** One built file, in memory: all of them are a few hundred kilobytes. */
export interface Page {
  /** `/assets/index-x.js`. */
  readonly path: string;
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly zipped: Uint8Array<ArrayBuffer>;
  /** Its name has a hash of its content in it. */
  readonly immutable: boolean;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads the built pages; `index.html` is `/`. Files of other kinds are not served. */
export async function readPages(folder: string): Promise<readonly Page[]> {
  const names = await readdir(folder, { recursive: true });
  const pages = names.map(async (name): Promise<Page | undefined> => {
    const type = types[extname(name)];
    if (type === undefined) return undefined;
    const bytes = new Uint8Array(await readFile(join(folder, name)));
    const zipped = new Uint8Array(await promisify(gzip)(bytes, { level: 9 }));
    const path = `/${name.split(sep).join('/')}`;
    return {
      path: path === '/index.html' ? '/' : path,
      type,
      bytes,
      zipped,
      immutable: path.startsWith('/assets/'),
    };
  });
  return (await Promise.all(pages)).filter((page) => page !== undefined);
}
