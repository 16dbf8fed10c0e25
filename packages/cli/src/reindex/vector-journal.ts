import { appendFile, chmod, open, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { CliError } from '../failure.ts';

/** The vectors that were made so far, in a file that only its owner reads: a run that is cut off goes on with them. */
interface VectorJournal {
  get(faceId: string): Float32Array | undefined;
  write(faceId: string, vector: Float32Array): Promise<void>;
  remove(): Promise<void>;
}

const line = z.object({ face_id: z.string(), vector: z.string() });

/**
 * @param of the set's id and the model
 * @throws CliError the file is another's, or another set's or model's: nothing of it is changed
 */
export async function openVectorJournal(
  path: string,
  of: { readonly set: string; readonly model: string },
): Promise<VectorJournal> {
  const head = JSON.stringify(of);
  const vectors = new Map<string, Float32Array>();
  if (await isNew(path, `${head}\n`)) return journal(path, vectors);
  let first: string | undefined;
  const file = await open(path, 'r');
  try {
    // By lines: a journal of a million faces is longer than a string may be.
    for await (const text of file.readLines({ autoClose: false })) {
      if (first !== undefined) {
        const entry = read(text);
        if (entry !== undefined) vectors.set(...entry);
        continue;
      }
      first = text;
      if (first !== head) break;
    }
  } finally {
    await file.close();
  }
  if (first !== head) {
    throw new CliError(
      `${path} isn't the journal of this set and model: remove it if it is an old one, or name another file with --journal.`,
    );
  }
  await chmod(path, 0o600);
  // A line that was cut off must not swallow the next one.
  if (!(await endsWithNewline(path))) await appendFile(path, '\n');
  return journal(path, vectors);
}

/** Makes the file where there is none, or an empty one. */
async function isNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const file = await open(path, 'r+');
  try {
    if ((await file.stat()).size > 0) return false;
    await file.chmod(0o600);
    await file.write(text);
    return true;
  } finally {
    await file.close();
  }
}

async function endsWithNewline(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer.toString() === '\n';
  } finally {
    await file.close();
  }
}

function journal(path: string, vectors: Map<string, Float32Array>): VectorJournal {
  return {
    get: (faceId) => vectors.get(faceId),
    async write(face_id, vector) {
      vectors.set(face_id, vector);
      const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
      await appendFile(path, `${JSON.stringify({ face_id, vector: bytes.toString('base64') })}\n`);
    },
    remove: () => rm(path, { force: true }),
  };
}

function read(text: string): [string, Float32Array] | undefined {
  try {
    const { face_id, vector } = line.parse(JSON.parse(text));
    return [face_id, new Float32Array(Uint8Array.from(Buffer.from(vector, 'base64')).buffer)];
  } catch {
    return undefined;
  }
}
