import type { PathFile } from '../pictures/face-photos.ts';
import { isHidden, picturesOf } from '../pictures/folder.ts';
import { type FieldTable, isTable, readTable } from './field-table.ts';
import { filesOfZip } from './zip.ts';

/** What has been chosen to enrol. */
export interface Source {
  /** In the order of their paths. */
  readonly photos: readonly PathFile[];
  readonly table?: FieldTable;
  /** Files that are neither pictures nor tables. */
  readonly others: number;
  /** Tables that can't be read, each with the reason. */
  readonly unread: readonly { readonly path: string; readonly error: unknown }[];
}

/** @throws Error a ZIP is none, or too large for a browser's memory */
export async function readSource(files: readonly PathFile[]): Promise<Source> {
  const within: PathFile[] = [];
  for (const one of files) {
    if (/\.zip$/i.test(one.path)) within.push(...(await filesOfZip(one.file)));
    else if (!isHidden(one.file.name)) within.push(one);
  }
  const tables = within.filter(({ path }) => isTable(path));
  const read = await Promise.allSettled(tables.map(({ file }) => readTable(file)));
  const rows = read.flatMap((one) => (one.status === 'fulfilled' ? [...one.value] : []));
  const photos = picturesOf(within);
  return {
    photos: inOrder(photos),
    others: within.length - photos.length - tables.length,
    unread: read.flatMap((one, index) =>
      one.status === 'rejected' ? [{ path: tables[index]?.path ?? '', error: one.reason as unknown }] : [],
    ),
    ...(rows.length > 0 && { table: new Map(rows) }),
  };
}

/** What is chosen later adds to what was chosen before: photos to a table, a table to photos. The same file is taken once. */
export function joined(before: Source | undefined, more: Source): Source {
  if (!before) return more;
  const known = new Set(before.photos.map(sameness));
  const isNew = (one: PathFile) => !known.has(sameness(one));
  const rows = [...(before.table ?? []), ...(more.table ?? [])];
  return {
    photos: inOrder([...before.photos, ...more.photos.filter(isNew)]),
    others: before.others + more.others,
    unread: [...before.unread, ...more.unread],
    ...(rows.length > 0 && { table: new Map(rows) }),
  };
}

/** Equal of two files that are the same. */
const sameness = ({ path, file }: PathFile): string => `${file.size} ${file.lastModified} ${path}`;

function inOrder(photos: readonly PathFile[]): PathFile[] {
  const byPath = new Intl.Collator(undefined, { numeric: true });
  return [...photos].sort((a, b) => byPath.compare(a.path, b.path));
}
