import { readFile, rm } from 'node:fs/promises';
import { type ErrorCode, errorTable } from '@openfrs/contract';
import type { DeadLetters, Upload } from '@openfrs/core';
import { log } from '@openfrs/core/observation';
import { objectEvents } from '@openfrs/service';
import * as z from 'zod';

/** What an older server's enrolment wrote, and what the embedded stores write, which could deliver an event to nobody. */
const deadLetter = z.union([
  z.object({
    time: z.iso.datetime(),
    code: z.custom<ErrorCode>((code) => typeof code === 'string' && Object.hasOwn(errorTable, code)),
    error: z.string(),
    upload: z.object({
      bucket: z.string(),
      key: z.string(),
      version: z.string(),
      etag: z.string().exactOptional(),
    }),
  }),
  z.object({ time: z.iso.datetime(), error: z.string(), event: z.unknown() }),
]);

/**
 * Takes dead letters that lie in a file (JSON lines) over into the table and removes the file; cut off and repeated it enters none
 * twice. A line that can't be read is told of on standard error.
 * @param tableAt the table's dead letters, of that time
 */
export async function takeDeadLetterFile(file: string, tableAt: (at: Date) => DeadLetters): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return;
  for (const [at, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const letter = read(line, at + 1);
    for (const upload of letter.uploads) await tableAt(letter.at).put(upload, letter.code, letter.message);
  }
  await rm(file);
}

function read(
  line: string,
  number: number,
): {
  readonly at: Date;
  readonly uploads: readonly Upload[];
  readonly code: ErrorCode;
  readonly message: string;
} {
  try {
    const letter = deadLetter.parse(JSON.parse(line));
    const [at, message] = [new Date(letter.time), letter.error];
    if ('upload' in letter) return { at, uploads: [letter.upload], code: letter.code, message };
    // Without the photo there is nothing to enrol.
    const put = objectEvents(letter.event).filter(({ kind }) => kind === 'put');
    return { at, uploads: put.map(({ upload }) => upload), code: 'FRS.0018', message };
  } catch {
    // Not the line itself: keys name people.
    log('error', `Line ${number} of the dead letters can't be read and is left out.`);
    return { at: new Date(), uploads: [], code: 'FRS.0018', message: '' };
  }
}
