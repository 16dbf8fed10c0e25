import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { CliError } from '../failure.ts';

const isGzip = (file: string) => file.endsWith('.gz');

/**
 * Writes lines, each with its line end, to a file that only its owner reads (gzipped where its name ends in .gz): under another
 * name until it is whole and on the disk.
 */
export async function writeLines(file: string, lines: AsyncIterable<string>): Promise<void> {
  const part = `${file}.part`;
  const target = createWriteStream(part, { mode: 0o600, flush: true });
  const source = Readable.from(lines);
  try {
    await (isGzip(file) ? pipeline(source, createGzip(), target) : pipeline(source, target));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  // Loads the stores' engine, which other commands don't wait for.
  const { syncFolder } = await import('@openfrs/embedded');
  await syncFolder(dirname(file));
}

/** The lines of such a file, without their ends. */
export async function* readLines(file: string): AsyncGenerator<string> {
  const bytes = createReadStream(file);
  const text = isGzip(file) ? bytes.pipe(createGunzip()) : bytes;
  bytes.on('error', (error) => text.destroy(error));
  yield* createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY });
}

/** @throws CliError there is none */
export async function requireFile(file: string): Promise<void> {
  await stat(file).catch(() => {
    throw new CliError(`There is no file ${file}.`);
  });
}
