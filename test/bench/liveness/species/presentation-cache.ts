import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';

/** Keeps what is slow to make in a folder, so that a run after a change of limits takes seconds. Without one nothing is kept. */
interface PresentationCache {
  has(kind: string, id: string): boolean;
  bytes(kind: string, id: string, make: () => Promise<Uint8Array>): Promise<Uint8Array>;
  value<Value>(kind: string, id: string, make: () => Promise<Value>): Promise<Value>;
}

export function createCache(folder: string | undefined): PresentationCache {
  const pathOf = (kind: string, id: string) =>
    `${folder}/${kind}/${createHash('sha256').update(id).digest('hex').slice(0, 24)}`;
  async function bytes(kind: string, id: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    if (folder === undefined) return make();
    const path = pathOf(kind, id);
    if (existsSync(path)) return readFileSync(path);
    const made = await make();
    mkdirSync(`${folder}/${kind}`, { recursive: true });
    writeFileSync(`${path}.${process.pid}`, made);
    renameSync(`${path}.${process.pid}`, path);
    return made;
  }
  return {
    has: (kind, id) => folder !== undefined && existsSync(pathOf(kind, id)),
    bytes,
    async value<Value>(kind: string, id: string, make: () => Promise<Value>): Promise<Value> {
      const made = await bytes(kind, id, async () => serialize(await make()));
      // What this very code has written.
      return deserialize(made) as Value;
    },
  };
}
