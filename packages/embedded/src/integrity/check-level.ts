import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Malformed } from './byte-cursor.ts';
import { scanLog } from './level-log.ts';
import { type Manifest, readManifest } from './level-manifest.ts';
import { checkTable, entriesOfTable } from './level-table.ts';
import { entriesOfLog, type LevelEntry, ValueCheck } from './level-values.ts';

/** A file that isn't as it was written. */
export interface FileFault {
  readonly file: string;
  /** `is missing`, `is damaged (why)`: what follows the file's name in a sentence. */
  readonly problem: string;
}

/** A store that is in use changes its files under the check: what is found wrong is looked at again. */
const attempts = 3;
const pauseMs = 200;

/**
 * Checks a LevelDB's files against its manifest and their checksums, without opening it: LevelDB itself compares no checksum as it
 * reads, and begins anew where CURRENT is missing. May be in use meanwhile.
 * @param tableBytes of tables whose every block is checked, the newest first; of the others the size only
 * @param sizes of logs and manifests by name, as the last stop left them; undefined: it may have cut off the last write
 * @param rest as of `checkValues`
 * @returns nothing where all is well, or where there is no LevelDB yet
 */
export async function checkLevel(
  dir: string,
  tableBytes: number,
  sizes: ReadonlyMap<string, number> | undefined,
  rest = 0,
): Promise<FileFault[]> {
  for (let attempt = 1; ; attempt++) {
    const faults = await checkOnce(dir, tableBytes, sizes, rest);
    if (faults.length === 0 || attempt === attempts) return faults;
    await pause(pauseMs);
  }
}

/** Behind each file, in multiples of what it took. */
async function restAfter<T>(work: () => Promise<T>, rest: number): Promise<T> {
  const began = performance.now();
  const result = await work();
  if (rest > 0) await pause((performance.now() - began) * rest);
  return result;
}

/**
 * The values of a LevelDB whose files are whole that aren't as they were written: a checksum of their own tells, which LevelDB knows
 * nothing of. Reads everything; may be in use meanwhile.
 * @param rest a pause behind each file, in multiples of what it took: others have the thread meanwhile
 */
export async function checkValues(dir: string, rest = 0): Promise<FileFault[]> {
  if (!(await holdsLevel(dir))) return [];
  for (let attempt = 1; ; attempt++) {
    try {
      const faults = await checkValuesOnce(dir, rest);
      if (faults.length === 0 || attempt === attempts) return faults;
    } catch (error) {
      if (attempt === attempts) throw error;
    }
    await pause(pauseMs);
  }
}

async function checkValuesOnce(dir: string, rest: number): Promise<FileFault[]> {
  const values = new ValueCheck();
  await eachFile(dir, rest, (file, entries) => values.look(file, entries));
  if (!values.hasSuspects) return [];
  await eachFile(dir, rest, (_file, entries) => values.lookForNewer(entries));
  return await stillInUse(dir, values.faults());
}

async function eachFile(
  dir: string,
  rest: number,
  look: (file: string, entries: Iterable<LevelEntry>) => void,
): Promise<void> {
  const manifest = readManifest(await readFile(join(dir, readCurrent(await readFile(join(dir, 'CURRENT'))))));
  const files = [
    ...(await liveLogs(dir, manifest)),
    ...(await Promise.all([...manifest.tables.keys()].map((number) => tableName(dir, number)))),
  ].map((name) => join(dir, name));
  for (const file of files) {
    await restAfter(async () => {
      // What a store in use has removed meanwhile was copied to another one.
      const bytes = await readFile(file).catch(() => undefined);
      if (bytes === undefined) return;
      look(file, file.endsWith('.log') ? entriesOfLog(scanLog(bytes).records) : entriesOfTable(bytes));
    }, rest);
  }
}

/** Whether a LevelDB was made there: its CURRENT is there, or files that come after it. */
export async function holdsLevel(dir: string): Promise<boolean> {
  const names = await namesIn(dir);
  if (!names.some((name) => name === 'CURRENT' || holdsData.test(name))) return false;
  return !(await wasNeverOpened(dir));
}

const holdsData = /^\d+\.(log|ldb|sst)$/;

/**
 * Whether a LevelDB's first opening was cut off, so that nothing was ever written to it: its CURRENT names the very first manifest,
 * which LevelDB does not bring to the disk, and which no LevelDB that was opened has.
 */
export async function wasNeverOpened(dir: string): Promise<boolean> {
  for (const name of (await namesIn(dir)).filter((each) => holdsData.test(each))) {
    // It makes a log before the manifest that counts.
    if (!name.endsWith('.log') || (await sizeOf(join(dir, name))) !== 0) return false;
  }
  const current = await readFile(join(dir, 'CURRENT'), 'latin1').catch(() => '');
  return current === 'MANIFEST-000001\n';
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function checkOnce(
  dir: string,
  tableBytes: number,
  sizes: ReadonlyMap<string, number> | undefined,
  rest: number,
): Promise<FileFault[]> {
  if (!(await holdsLevel(dir))) return [];
  const faults: FileFault[] = [];
  const check = async <T>(name: string, read: (bytes: Buffer) => T): Promise<T | undefined> => {
    const file = join(dir, name);
    try {
      return await restAfter(async () => read(await readFile(file)), rest);
    } catch (error) {
      faults.push({ file, problem: problemOf(error) });
      return undefined;
    }
  };
  const current = await check('CURRENT', readCurrent);
  const manifest = current === undefined ? undefined : await check(current, readManifest);
  if (manifest === undefined) return faults;
  if (sizes) await check(current ?? '', (bytes) => checkEnd(bytes, sizes.get(current ?? '')));
  for (const name of await liveLogs(dir, manifest)) {
    await check(name, (bytes) => (sizes ? checkEnd(bytes, sizes.get(name)) : scanLog(bytes)));
  }
  let left = tableBytes;
  for (const [number, size] of [...manifest.tables].sort(([a], [b]) => b - a)) {
    const name = await tableName(dir, number);
    const found = await sizeOf(join(dir, name));
    left -= size;
    if (found === undefined) faults.push({ file: join(dir, name), problem: 'is missing' });
    else if (found !== size) {
      faults.push({ file: join(dir, name), problem: `is damaged (it has ${found} bytes of ${size})` });
    } else if (left >= 0) await check(name, checkTable);
  }
  return faults.length === 0 ? [] : stillInUse(dir, faults);
}

/** Without the faults of files that a store in use has replaced and removed meanwhile. */
async function stillInUse(dir: string, faults: readonly FileFault[]): Promise<FileFault[]> {
  try {
    const current = readCurrent(await readFile(join(dir, 'CURRENT')));
    const { tables, logNumber } = readManifest(await readFile(join(dir, current)));
    return faults.filter(({ file }) => {
      const [, number, kind] = /(\d+)\.(log|ldb|sst)$/.exec(file) ?? [];
      if (kind === undefined) return true;
      return kind === 'log' ? Number(number) >= logNumber : tables.has(Number(number));
    });
  } catch {
    return [...faults];
  }
}

/** The name of the manifest in use. @throws Malformed */
export function readCurrent(bytes: Buffer): string {
  const found = /^(MANIFEST-\d+)\n$/.exec(bytes.toString('latin1'));
  if (!found?.[1]) throw new Malformed('it names no manifest');
  return found[1];
}

/** Of a file that was whole when its store was closed. @throws Malformed */
function checkEnd(bytes: Buffer, size: number | undefined): void {
  if (size !== undefined && bytes.length !== size)
    throw new Malformed(`it has ${bytes.length} bytes of ${size}`);
  const { torn } = scanLog(bytes);
  if (torn !== undefined) throw new Malformed(torn);
}

/** The log that the manifest names, which must be there, and later ones. */
async function liveLogs(dir: string, { logNumber }: Manifest): Promise<string[]> {
  const numbers = (await namesIn(dir))
    .map((name) => Number(/^(\d+)\.log$/.exec(name)?.[1] ?? -1))
    .filter((number) => number >= Math.max(logNumber, 0));
  const all = logNumber > 0 ? new Set([logNumber, ...numbers]) : numbers;
  return [...all].map((number) => `${String(number).padStart(6, '0')}.log`);
}

/** Old ones end in .sst. */
async function tableName(dir: string, number: number): Promise<string> {
  const name = String(number).padStart(6, '0');
  return (await sizeOf(join(dir, `${name}.sst`))) === undefined ? `${name}.ldb` : `${name}.sst`;
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.size : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with a file that couldn't be read, or read as what it should be. */
export function problemOf(error: unknown): string {
  if (error instanceof Malformed) return `is damaged (${error.message})`;
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'is missing',
    EISDIR: 'is a folder',
    EACCES: "can't be read by this user",
    EPERM: "can't be read by this user",
  };
  return known[code ?? ''] ?? `can't be read (${message})`;
}
