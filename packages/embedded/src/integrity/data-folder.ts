import { readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { replaceFile } from '../disk/files.ts';
import { checkLevel, checkValues, type FileFault, holdsLevel, problemOf } from './check-level.ts';
import { cleanStop } from './clean-stop.ts';

/**
 * How the stores of a data folder are laid out; raised by a change that an older version can't read.
 * 2: values and bodies have checksums.
 */
const format = 2;
const formatFile = 'format.json';

/** A data folder's format, and the one that it is being brought from where that was cut off. */
interface DataFormat {
  readonly format: number;
  readonly from?: number;
}

/** The LevelDBs of a data folder, in the order in which a first start makes them. */
export const levelFolders = [join('s3', 'catalog'), 'dynamodb'] as const;

/** Tables of so many bytes (some 80,000 faces) are checked whole at a start, the newest first: half a second of an idle core. */
export const startTableBytes = 256 * 1024 ** 2;

export interface DataFolderCheck {
  /** Something outside tells that the stores were filled: an account that was made in them. */
  readonly held?: boolean;
  /** Of each LevelDB's tables so many bytes are checked; all if absent. */
  readonly tableBytes?: number;
  /** Also every value, by its own checksum, where all files are whole; takes minutes for millions of faces. */
  readonly values?: boolean;
  /** A pause behind each file, in multiples of what it took; none if absent. */
  readonly rest?: number;
}

/**
 * What of a data folder is missing or damaged. Changes nothing, and the folder may be in use. Nothing is missing from a folder that
 * is not there, is empty, or is that of a first start that was cut off.
 */
export async function checkDataFolder(
  dir: string,
  { held = false, tableBytes = Number.POSITIVE_INFINITY, values = false, rest }: DataFolderCheck = {},
): Promise<FileFault[]> {
  const faults: FileFault[] = [];
  const marker = await readFormat(join(dir, formatFile));
  if (isFault(marker)) faults.push(marker);
  const stop = await cleanStop(dir);
  const there: boolean[] = [];
  for (const level of levelFolders) {
    try {
      there.push(await holdsLevel(join(dir, level)));
      faults.push(...(await checkLevel(join(dir, level), tableBytes, stop && within(level, stop), rest)));
    } catch (error) {
      there.push(true);
      faults.push({ file: join(dir, level), problem: problemOf(error) });
    }
  }
  const last = there.lastIndexOf(true);
  for (const [at, level] of levelFolders.entries()) {
    const expected = held || marker !== undefined || at < last;
    if (expected && !there[at]) faults.push({ file: join(dir, level, 'CURRENT'), problem: 'is missing' });
  }
  if (!values || faults.length > 0 || (await formatToUpgrade(dir)) !== undefined) return faults;
  for (const level of levelFolders) faults.push(...(await checkValues(join(dir, level), rest)));
  return faults;
}

/** The sizes of files of one folder, by name. */
function within(folder: string, stop: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const prefix = folder + sep;
  const inside = [...stop].filter(([path]) => path.startsWith(prefix));
  return new Map(inside.map(([path, size]) => [path.slice(prefix.length), size]));
}

/**
 * Notes that the stores were made, in this version's format.
 * @param from they are being brought from this one: an older version doesn't open them any more
 */
export async function markDataFolder(dir: string, from?: number): Promise<void> {
  const file = join(dir, formatFile);
  const found = await readFormat(file);
  if (found !== undefined && !isFault(found) && found.format === format && found.from === from) return;
  await replaceFile(file, `${JSON.stringify({ format, from })}\n`);
}

/**
 * The format that a data folder's stores have to be brought from; undefined where they are as this version makes them. Folders of the
 * first versions have no `format.json`. The folder was checked.
 */
export async function formatToUpgrade(dir: string): Promise<number | undefined> {
  const found = await readFormat(join(dir, formatFile));
  if (found === undefined || isFault(found)) return 1;
  return found.format < format ? found.format : found.from;
}

const isFault = (found: DataFormat | FileFault | undefined): found is FileFault =>
  found !== undefined && 'problem' in found;

/** The format, a fault, or `undefined` where the file isn't there. */
async function readFormat(file: string): Promise<DataFormat | FileFault | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return { file, problem: problemOf(error) };
  }
  const found = formatIn(text);
  if (found === undefined) return { file, problem: 'is damaged (it tells no format)' };
  if (found.format > format) {
    const problem = `is of a newer version of openfrs (format ${found.format}, this one reads ${format})`;
    return { file, problem };
  }
  return found;
}

function formatIn(text: string): DataFormat | undefined {
  try {
    const found = JSON.parse(text) as { readonly format?: unknown; readonly from?: unknown } | null;
    if (!isNumber(found?.format)) return undefined;
    return { format: found.format, ...(isNumber(found.from) && { from: found.from }) };
  } catch {
    return undefined;
  }
}

const isNumber = (found: unknown): found is number =>
  typeof found === 'number' && Number.isInteger(found) && found > 0;

/** The file is no folder or the like: found before it is needed. */
export async function isPlainFileOrNone(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found === undefined || found.isFile();
}
