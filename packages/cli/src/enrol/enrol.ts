import { stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { FrsApiError, type FrsClient } from '@openfrs/client';
import { longestValue, pathValue } from '@openfrs/contract/path-value';
import pMap from 'p-map';
import { photoFile } from '../api/api.ts';
import { photosOf } from '../api/photos.ts';
import { Unreachable } from '../failure.ts';
import { earlierImageId, externalImageId, personImageId } from './external-image-id.ts';
import type { Entry, Journal } from './journal.ts';

const TRIES = 6;
const FIRST_PAUSE_MS = 500;

export interface EnrolOptions {
  readonly folder: string;
  readonly set: string;
  readonly parallel: number;
  /** Every face of a photo, not the largest only. */
  readonly all: boolean;
  /** The photos of a folder are one person: they get one `external_image_id`. Needs `pathField`. */
  readonly people: boolean;
  /** Faces that hold less of a person are refused, [0, 1]. */
  readonly minRecognizability: number;
  readonly journal: Journal;
  /** A custom field of type string that keeps the photo's path as it is; undefined: the journal alone tells it. */
  readonly pathField: string | undefined;
  /** Called for each photo that is through. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface Enrolled {
  readonly added: number;
  readonly skipped: number;
  readonly failed: readonly Entry[];
  /** Folders with two photos and more: each may be a person. */
  readonly folders: number;
}

/**
 * Adds every photo of a folder to a face set, once: what the journal says is done is skipped, and a photo that was sent
 * when an earlier run was cut off is taken back before it is sent again.
 */
export async function enrol(api: FrsClient, options: EnrolOptions): Promise<Enrolled> {
  const files = await photosOf([options.folder]);
  let done = 0;
  const entries = await pMap(
    files,
    async (file) => {
      const entry = await enrolOne(api, file, options);
      done += 1;
      options.onProgress(done, files.length);
      return entry;
    },
    { concurrency: options.parallel },
  );
  return {
    added: entries.reduce((sum, entry) => sum + (entry === 'skipped' ? 0 : (entry.faces ?? 0)), 0),
    skipped: entries.filter((entry) => entry === 'skipped').length,
    failed: entries.flatMap((entry) => (entry !== 'skipped' && entry.state === 'failed' ? [entry] : [])),
    folders: foldersOfSeveral(files.map((file) => relative(options.folder, file).replaceAll(sep, '/'))),
  };
}

function foldersOfSeveral(files: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const file of files) {
    const id = personImageId(file);
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts.values()].filter((count) => count > 1).length;
}

async function enrolOne(api: FrsClient, path: string, options: EnrolOptions): Promise<Entry | 'skipped'> {
  const file = relative(options.folder, path).replaceAll(sep, '/');
  const { size, mtimeMs } = await stat(path);
  const person = options.people ? personImageId(file) : undefined;
  const id = person ?? externalImageId(file);
  const base = { file, id, stamp: `${size}-${Math.round(mtimeMs)}` };
  const last = options.journal.last(file);
  if (last?.state === 'done' && last.stamp === base.stamp) return 'skipped';
  const { set: face_set_name, pathField } = options;
  const value = pathValue(file);
  if (pathField !== undefined && value.length > longestValue) {
    const reason = `Its path takes ${value.length} letters in the field ${pathField}, which holds ${longestValue}.`;
    const entry = { ...base, state: 'failed' as const, code: 'path', reason };
    await options.journal.write(entry);
    return entry;
  }
  let sent = last !== undefined && last.state !== 'failed';
  const entry = await withRetries(async () => {
    if (sent) {
      const lastId = last?.id ?? (last === undefined ? id : earlierImageId(file));
      const isPerson = lastId === personImageId(file);
      const path = isPerson && pathField !== undefined ? { [pathField]: value } : {};
      await takeBack(api, face_set_name, { external_image_id: lastId, ...path });
    } else await options.journal.write({ ...base, state: 'begun' });
    sent = true;
    const image_file = await photoFile(path);
    const { faces } = await api.faceAdd({
      face_set_name,
      external_image_id: id,
      single: !options.all,
      min_recognizability: options.minRecognizability,
      ...(pathField !== undefined && { external_fields: { [pathField]: value } }),
      image_file,
    });
    return { ...base, state: 'done' as const, faces: faces.length };
  }).catch((error: unknown) => {
    // What will not pass for the next photo either ends the run; this photo is tried again by the next one.
    if (!(error instanceof FrsApiError && isOfPhoto(error))) throw error;
    return { ...base, state: 'failed' as const, code: error.code, reason: error.message };
  });
  await options.journal.write(entry);
  return entry;
}

/** A refusal that is about this photo, and not about the credentials, the set or the quota. */
function isOfPhoto({ status, code }: FrsApiError): boolean {
  return (
    status === 413 ||
    ['FRS.0011', 'FRS.0012', 'FRS.0013', 'FRS.0016', 'FRS.0017', 'FRS.0404', 'FRS.0708'].includes(code)
  );
}

/** @param of the id of the photo; where other photos of the person have it too, also the field of its path */
async function takeBack(
  api: FrsClient,
  face_set_name: string,
  of: Readonly<Record<string, string>>,
): Promise<void> {
  const filter = Object.entries(of)
    .map(([name, value]) => `${name}:${value}`)
    .join(' && ');
  await api.faceDeleteBatch({ face_set_name, filter }).catch((error: unknown) => {
    if (!(error instanceof FrsApiError && error.code === 'FRS.0407')) throw error;
  });
}

/** Whether the same request may succeed later. */
function isPassing(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  return error instanceof FrsApiError && (error.code === 'FRS.0033' || error.status >= 500);
}

async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || attempt === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
    }
  }
}
