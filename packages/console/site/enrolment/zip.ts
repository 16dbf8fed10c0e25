import { isPicture } from '../photos/photo.ts';
import type { PathFile } from '../pictures/face-photos.ts';
import { isHidden } from '../pictures/folder.ts';
import { isTable } from './field-table.ts';
import { zipNames } from './zip-names.ts';

/** What an archive may become in memory. */
const mostEntryBytes = 64 * 1024 * 1024;
const mostBytes = 2 * 1024 * 1024 * 1024;
const mostEntries = 50_000;

const types: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  bmp: 'image/bmp',
  webp: 'image/webp',
  avif: 'image/avif',
};

/**
 * The pictures and tables of a ZIP, each with its path. Read a piece after the other, so that the page stays alive.
 * @throws Error it is no ZIP, or too large for a browser's memory
 */
export async function filesOfZip(archive: File): Promise<PathFile[]> {
  const { Unzip, UnzipInflate } = await import('fflate');
  const names = await zipNames(archive);
  const found: PathFile[] = [];
  let total = 0;
  let failure: Error | undefined;
  const unzip = new Unzip();
  unzip.register(UnzipInflate);
  unzip.onfile = (entry) => {
    const path = names.get(entry.name) ?? entry.name;
    const name = path.split('/').at(-1) ?? '';
    const type = types[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? '';
    if (isHidden(name) || path.startsWith('__MACOSX/')) return;
    if (!isPicture(new File([], name, { type })) && !isTable(name)) return;
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    entry.ondata = (error, data, isLast) => {
      size += data?.length ?? 0;
      total += data?.length ?? 0;
      if (error) failure = error;
      else if (size > mostEntryBytes || total > mostBytes || found.length >= mostEntries) {
        failure = new Error(`${archive.name} > ${mostBytes / 2 ** 30} GB`);
      } else parts.push(data as Uint8Array<ArrayBuffer>);
      if (failure) entry.terminate();
      else if (isLast) found.push({ path, file: new File(parts, name, { type }) });
    };
    entry.start();
  };
  const head = new Uint8Array(await archive.slice(0, 4).arrayBuffer());
  if (head[0] !== 0x50 || head[1] !== 0x4b) throw new Error(`${archive.name}: ZIP?`);
  const reader = archive.stream().getReader();
  for (;;) {
    const { value, done } = await reader.read();
    unzip.push(value ?? new Uint8Array(), done);
    if (failure) throw failure;
    if (done) return withoutRoot(found);
  }
}

/** Paths without the one folder that all of them are in, where that has folders itself: it is no person. */
export function withoutRoot(files: readonly PathFile[]): PathFile[] {
  const pictures = files.filter(({ path }) => !isTable(path));
  const root = `${pictures[0]?.path.split('/')[0] ?? ''}/`;
  const isRoot =
    pictures.every(({ path }) => path.startsWith(root) && path.split('/').length > 2) &&
    files.every(({ path }) => path.startsWith(root));
  return isRoot && pictures.length > 0
    ? files.map(({ path, file }) => ({ path: path.slice(root.length), file }))
    : [...files];
}
