import { createClients, createFaceSets, createMaintenance } from '../src/index.ts';
import { bucket, table } from './embedded.ts';
import { newFaces } from './model.ts';

/** What a writing process tells its parent: before a delete that it begins it, after each write that it is done. */
export interface Acknowledged {
  readonly added: readonly { readonly faceId: string; readonly seed: number }[];
  readonly removing: readonly string[];
  readonly removed: readonly string[];
}

/** Adds, deletes and compacts without an end, several at a time, until it is killed. */
const [config = '', projectId = '', name = '', start = '0'] = process.argv.slice(2);
const clients = createClients(JSON.parse(config));
const options = { ...clients, table, bucket, limits: { tailRows: 10, segmentRows: 64, logChanges: 5 } };
const faceSets = createFaceSets(options);
const maintenance = createMaintenance(options);
const set = await faceSets.get(projectId, name);
let seed = Number(start);

const tell = (message: Partial<Acknowledged>) =>
  process.send?.({ added: [], removing: [], removed: [], ...message });

async function addAndRemove(): Promise<never> {
  for (;;) {
    const faces = newFaces(seed, 3);
    seed += 3;
    const stored = await faceSets.add(set, faces);
    const added = stored.map((face, i) => ({ ...face, seed: faces[i]?.seed ?? -1 }));
    tell({ added });
    const id = stored[1]?.faceId ?? '';
    tell({ removing: [id] });
    await faceSets.removeMatching(set, { kind: 'equals', field: 'face_id', value: id });
    tell({ removed: [id] });
  }
}

async function compact(): Promise<never> {
  for (;;) await maintenance.compact(projectId, name);
}

await Promise.all([addAndRemove(), addAndRemove(), addAndRemove(), compact()]);
