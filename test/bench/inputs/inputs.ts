import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** What a bench was given can't be measured with; its message is all that whoever began it needs. */
export class BenchInputError extends Error {
  override readonly name = 'BenchInputError';
}

/** Files named in a message; the others are counted. */
const named = 3;

/**
 * Photos and lists that a bench will read are there: asked before models are loaded, as a bench may take long to reach one.
 * @throws BenchInputError naming the first that are missing
 */
export function assertFilesThere(files: Iterable<string>): void {
  const missing = [...new Set(files)].filter(
    (file) => statSync(file, { throwIfNoEntry: false })?.isFile() !== true,
  );
  if (missing.length === 0) return;
  const more = missing.length > named ? ` and ${missing.length - named} more` : '';
  throw new BenchInputError(`There is no file ${missing.slice(0, named).join(', ')}${more}.`);
}

/** @throws BenchInputError there is no such folder */
export function assertFolderThere(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new BenchInputError(`There is no folder ${folder}.`);
  }
}

/** The folder that a report is to be written to is there: asked before hours of measuring. @throws BenchInputError */
export function assertReportWritable(file: string | undefined): void {
  if (file !== undefined) assertFolderThere(dirname(file));
}
