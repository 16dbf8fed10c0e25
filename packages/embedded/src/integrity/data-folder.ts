import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkLevel, type FileFault, holdsLevel, problemOf } from './check-level.ts';

/** How the stores of a data folder are laid out; raised by a change that an older version can't read. */
const format = 1;
const formatFile = 'format.json';

/** In the order in which a first start makes them. */
const levels = [join('s3', 'catalog'), 'dynamodb'] as const;

/** Tables of so many bytes (some 80,000 faces) are checked whole at a start, the newest first: half a second of an idle core. */
export const startTableBytes = 256 * 1024 ** 2;

export interface DataFolderCheck {
  /** Something outside tells that the stores were filled: an account that was made in them. */
  readonly held?: boolean;
  /** Of each LevelDB's tables so many bytes are checked; all if absent. */
  readonly tableBytes?: number;
}

/**
 * What of a data folder is missing or damaged. Changes nothing, and the folder may be in use. Nothing is missing from a folder that
 * is not there, is empty, or is that of a first start that was cut off.
 */
export async function checkDataFolder(
  dir: string,
  { held = false, tableBytes = Number.POSITIVE_INFINITY }: DataFolderCheck = {},
): Promise<FileFault[]> {
  const faults: FileFault[] = [];
  const marker = await readFormat(join(dir, formatFile));
  if (typeof marker === 'object') faults.push(marker);
  const there: boolean[] = [];
  for (const level of levels) {
    try {
      there.push(await holdsLevel(join(dir, level)));
      faults.push(...(await checkLevel(join(dir, level), tableBytes)));
    } catch (error) {
      there.push(true);
      faults.push({ file: join(dir, level), problem: problemOf(error) });
    }
  }
  const last = there.lastIndexOf(true);
  for (const [at, level] of levels.entries()) {
    const expected = held || marker !== undefined || at < last;
    if (expected && !there[at]) faults.push({ file: join(dir, level, 'CURRENT'), problem: 'is missing' });
  }
  return faults;
}

/** Notes that the stores were made. */
export async function markDataFolder(dir: string): Promise<void> {
  const file = join(dir, formatFile);
  if ((await readFormat(file)) === format) return;
  const next = `${file}.new`;
  await writeFile(next, `${JSON.stringify({ format })}\n`, { mode: 0o600 });
  await rename(next, file);
}

/** The number of the format, a fault, or `undefined` where the file isn't there: folders of older versions have none. */
async function readFormat(file: string): Promise<number | FileFault | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return { file, problem: problemOf(error) };
  }
  const found = formatIn(text);
  if (found === undefined) return { file, problem: 'is damaged (it tells no format)' };
  if (found > format) {
    const problem = `is of a newer version of openfrs (format ${found}, this one reads ${format})`;
    return { file, problem };
  }
  return found;
}

function formatIn(text: string): number | undefined {
  try {
    const found = (JSON.parse(text) as { readonly format?: unknown } | null)?.format;
    return typeof found === 'number' && Number.isInteger(found) && found > 0 ? found : undefined;
  } catch {
    return undefined;
  }
}

/** The file is no folder or the like: found before it is needed. */
export async function isPlainFileOrNone(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found === undefined || found.isFile();
}
