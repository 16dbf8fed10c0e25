import { appendFile, readFile } from 'node:fs/promises';

/** What came of a photo: `begun` was sent and may have arrived. */
export interface Entry {
  /** The path in the folder, as the file system has it. */
  readonly file: string;
  /** The `external_image_id` under which it was sent; absent in lines of earlier versions (`earlierImageId`). */
  readonly id?: string;
  /** Tells whether the file was changed since. */
  readonly stamp: string;
  readonly state: 'begun' | 'done' | 'failed';
  readonly faces?: number;
  readonly code?: string;
  readonly reason?: string;
}

/** The lines that enrolling has written so far: the last one of a file counts. */
export interface Journal {
  last(file: string): Entry | undefined;
  write(entry: Entry): Promise<void>;
}

export async function openJournal(path: string): Promise<Journal> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  const entries = new Map<string, Entry>();
  for (const line of text.split('\n')) {
    const entry = parse(line);
    if (entry !== undefined) entries.set(entry.file, entry);
  }
  // A line that was cut off must not swallow the next one.
  if (text !== '' && !text.endsWith('\n')) await appendFile(path, '\n');
  return {
    last: (file) => entries.get(file),
    async write(entry) {
      entries.set(entry.file, entry);
      await appendFile(path, `${JSON.stringify(entry)}\n`);
    },
  };
}

function parse(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}
