import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalCredentials } from '@openfrs/server';
import { runCommand } from '../../support/run-command.ts';
import type { Call, Counts } from './calls.ts';
import { finds } from './photos.ts';

/** Faces of a file that is imported. */
export const importFaces = 1000;
/** Files whose faces the lasting set holds at a time. */
const generations = 5;

const newSet = { external_fields: { number: { type: 'long' }, generation: { type: 'long' } } };

/** Sets as files, through `openfrs export` and `openfrs import`: thousands of faces without thousands of photos. */
export class Imports {
  readonly #folder: string;
  readonly #credentials: LocalCredentials;
  readonly #counts: Counts;

  constructor(folder: string, credentials: LocalCredentials, counts: Counts) {
    this.#folder = folder;
    this.#credentials = credentials;
    this.#counts = counts;
  }

  /** A set that is imported whole, used, thinned out and deleted with what is left. */
  async passing(call: Call, set: string): Promise<void> {
    const counts = this.#counts;
    await call('POST', '', { face_set_name: set, ...newSet });
    counts.sets += 1;
    await this.#fill(set, 0);
    const faces = await this.#use(call, set);
    for (const { face_id } of faces) {
      await this.#remove(call, `/${set}/faces?face_id=${face_id}`);
    }
    await this.#remove(call, `/${set}/faces/batch`, `number:[0 TO ${importFaces / 2}}`);
    await this.#remove(call, `/${set}/faces/batch`, '(!number:900)');
    await call('DELETE', `/${set}`);
    counts.setsDeleted += 1;
  }

  /** One set for the whole time: each file that comes in drives the oldest one out. */
  async lasting(call: Call, set: string, generation: number): Promise<void> {
    if (generation === 0) {
      await call('POST', '', { face_set_name: set, ...newSet });
      this.#counts.sets += 1;
    }
    await this.#fill(set, generation);
    await this.#use(call, set);
    if (generation < generations) return;
    await this.#remove(call, `/${set}/faces/batch`, `generation:${generation - generations}`);
  }

  async #fill(set: string, generation: number): Promise<void> {
    const file = join(this.#folder, `${set}-${generation}.ndjson`);
    // Its header tells what vectors the set takes.
    await this.#openfrs('export', this.#credentials.FRS_REGION, set, file);
    const header = JSON.parse((await readFile(file, 'utf8')).split('\n', 1)[0] ?? '') as {
      id_key?: string;
      dimension: number;
    };
    delete header.id_key;
    const faces = Array.from({ length: importFaces }, (_, number) => ({
      external_image_id: `face-${generation}-${number}`,
      bounding_box: [0, 0, 50, 50],
      vector: randomVector(header.dimension),
      fields: { number, generation },
    }));
    await writeFile(file, [header, ...faces].map((line) => `${JSON.stringify(line)}\n`).join(''));
    await this.#openfrs('import', this.#credentials.FRS_REGION, file, '--set', set);
    await rm(file);
    this.#counts.facesAdded += importFaces;
  }

  /** Looks, searches and changes; returns the faces of the page that was looked at. */
  async #use(call: Call, set: string): Promise<readonly { readonly face_id: string }[]> {
    const page = await call<{ faces: { face_id: string }[] }>('GET', `/${set}/faces?offset=500&limit=20`);
    const faces = page?.faces ?? [];
    for (const { face_id } of faces) {
      await finds(call, set, { face_id }, this.#counts);
      await call('PUT', `/${set}/faces`, { face_id, external_image_id: 'seen' });
      this.#counts.updates += 1;
    }
    return faces;
  }

  async #remove(call: Call, path: string, filter?: string): Promise<void> {
    const removed = await call<{ face_number: number }>('DELETE', path, filter ? { filter } : undefined);
    this.#counts.facesDeleted += removed?.face_number ?? 0;
  }

  async #openfrs(...argv: string[]): Promise<void> {
    const { code, out, err } = await runCommand(argv, { ...this.#credentials });
    if (code === 0) return;
    this.#counts.faults += 1;
    console.log(`fault: openfrs ${argv.join(' ')}: ${out}${err}`);
  }
}

/** Of unit length, float32 in Base64, as an export has it. */
function randomVector(dimension: number): string {
  const vector = Float32Array.from({ length: dimension }, () => Math.random() - 0.5);
  const norm = Math.hypot(...vector);
  return Buffer.from(vector.map((value) => value / norm).buffer).toString('base64');
}
