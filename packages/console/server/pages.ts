import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { type StaticContent, staticContent } from '@openfrs/http';
import { permissions, policy } from './policy.ts';

/** One built file, in memory: all of them are a few hundred kilobytes. */
export interface Page extends StaticContent {
  /** `/assets/index-x.js`. */
  readonly path: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Of everything that the console answers. */
export const consoleHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': permissions,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Reads the built pages; `index.html` is `/`. Files of other kinds are not served. */
export async function readPages(folder: string): Promise<readonly Page[]> {
  const names = await readdir(folder, { recursive: true });
  const pages = names.map(async (name): Promise<Page | undefined> => {
    const type = types[extname(name)];
    if (type === undefined) return undefined;
    const path = `/${name.split(sep).join('/')}`;
    // The names of assets have a hash of their content in them.
    const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    const content = await staticContent(await readFile(join(folder, name)), {
      ...consoleHeaders,
      'Content-Type': type,
      'Cache-Control': cache,
    });
    return { ...content, path: path === '/index.html' ? '/' : path };
  });
  return (await Promise.all(pages)).filter((page) => page !== undefined);
}
