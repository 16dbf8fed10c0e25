import { join } from 'node:path';
import { log } from '@openfrs/core/observation';
import type { StoredFaceSets } from '@openfrs/store';
import { z } from 'zod';
import { readPrivateFile, writePrivateFile } from '../private-file.ts';

/** So often what is in memory is noted, where it has changed: a process that is killed forgets that much. */
const noteMs = 10_000;

const fileName = 'warm-sets.json';
/** Of versions before this name. */
const olderFileName = 'in-memory.json';

const notes = z.array(z.object({ projectId: z.string(), name: z.string() }));
type Notes = z.infer<typeof notes>;

export interface CacheWarmer {
  /** Resolves when what was in memory is there again. */
  readonly restored: Promise<void>;
  /** Ends bringing sets back, and notes what is in memory if all were. */
  stop(): Promise<void>;
}

/**
 * Brings the sets that were in memory when the service stopped back there, so that a first search after a restart needn't
 * read them, and keeps a note of those that are. The note is a help only: without it, or with a wrong one, searches read what they need.
 * @param dir of the file that names the sets, least recently used first
 */
export function keepCacheWarm(faceSets: StoredFaceSets, dir: string): CacheWarmer {
  const file = join(dir, fileName);
  let stopped = false;
  let noted: string | undefined;

  async function note(): Promise<void> {
    const text = JSON.stringify(faceSets.inMemory().map(({ projectId, name }) => ({ projectId, name })));
    if (text === noted) return;
    noted = text;
    await writePrivateFile(file, text).catch((error) =>
      log('warn', 'What is in memory could not be noted', { error }),
    );
  }

  /** False where it was cut off. */
  async function restore(): Promise<boolean> {
    for (const { projectId, name } of await readNotes(dir)) {
      if (stopped) return false;
      // Any search brings the set in; one whose set is gone has nothing to bring.
      await faceSets.searchNamed(projectId, name, anySearch).catch(() => undefined);
    }
    return true;
  }

  const restored = restore();
  const noteIfWhole = async () => {
    if (await restored) await note();
  };
  const timer = setInterval(() => void noteIfWhole(), noteMs);
  timer.unref();
  return {
    restored: restored.then(() => undefined),
    async stop() {
      stopped = true;
      clearInterval(timer);
      await noteIfWhole();
    },
  };
}

const anySearch: Parameters<StoredFaceSets['searchNamed']>[2] = ({ dimension }) => ({
  probe: { vector: new Float32Array(dimension).fill(1, 0, 1) },
  topN: 10,
  minCosine: -1,
});

/** None where no file can be read. */
async function readNotes(dir: string): Promise<Notes> {
  for (const name of [fileName, olderFileName]) {
    try {
      const text = await readPrivateFile(join(dir, name));
      if (text !== undefined) return notes.parse(JSON.parse(text));
    } catch {
      return [];
    }
  }
  return [];
}
