import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** The vectors that were made so far, in a file that only its owner reads: a run that is cut off goes on with them. */
interface VectorJournal {
  get(faceId: string): Float32Array | undefined;
  write(faceId: string, vector: Float32Array): Promise<void>;
  remove(): Promise<void>;
}

const line = z.object({ face_id: z.string(), vector: z.string() });

/** @param of the set's id and the model: the vectors of others in the file are of no use, and go. */
export async function openVectorJournal(
  path: string,
  of: { readonly set: string; readonly model: string },
): Promise<VectorJournal> {
  const head = JSON.stringify(of);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  const [first, ...lines] = text.split('\n');
  const vectors = new Map<string, Float32Array>();
  if (first === head) {
    for (const text of lines) {
      const entry = read(text);
      if (entry !== undefined) vectors.set(...entry);
    }
    // A line that was cut off must not swallow the next one.
    if (!text.endsWith('\n')) await appendFile(path, '\n');
  } else await writeFile(path, `${head}\n`, { mode: 0o600 });
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
