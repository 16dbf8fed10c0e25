import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { FaceSet } from '@openfrs/core';
import type { StoreContext } from '../context.ts';
import { isCommitted } from '../protocol/visibility.ts';
import { checkedFaces } from '../records/damaged-record.ts';
import { isTombstone, vectorBytes } from '../records/faces.ts';
import { importSkipKey } from '../records/keys.ts';
import type { SetManifest } from '../records/manifest.ts';
import type { ExportedFace } from './format.ts';

/** By what a face of a file is known again in a set. Custom fields are left out: they may have been changed since. */
export interface FaceMark {
  readonly number: number | undefined;
  /** Of the vector alone. */
  readonly vector: string;
  /** Of the vector, the box and the external image id. */
  readonly whole: string;
}

export function faceMark(face: Omit<ExportedFace, 'fields'>): FaceMark {
  const { number, externalImageId, box, vector } = face;
  const bytes = vectorBytes(vector);
  const sides = [box.topLeftX, box.topLeftY, box.width, box.height];
  const hash = createHash('sha256').update(bytes);
  return {
    number,
    vector: hash.copy().digest('base64url').slice(0, 22),
    whole: hash
      .update(JSON.stringify([externalImageId, sides]))
      .digest('base64url')
      .slice(0, 22),
  };
}

/**
 * Which of a file's faces the set holds already, by their places in the file. A face is there if the set has it under its own
 * id with its vector (`sameIds`: the file is of this set or of its copy), or, under any id, with its external image id, box and
 * vector; one of the set stands for one of the file. Faces of other operations in flight don't count.
 */
export async function presentFaces(
  store: StoreContext,
  set: FaceSet,
  manifest: SetManifest,
  marks: readonly FaceMark[],
  sameIds: boolean,
): Promise<Set<number>> {
  const byNumber = new Map<number, FaceMark>();
  const shape = { setId: set.id, dimension: set.dimension, fields: set.fields };
  for await (const page of checkedFaces(store.table, shape, 0, manifest.next, () => undefined)) {
    for (const face of page) {
      if (isTombstone(face) || !isCommitted(manifest, face.number)) continue;
      byNumber.set(face.number, faceMark(face));
    }
  }
  const present = new Set<number>();
  for (const [at, { number, vector }] of marks.entries()) {
    if (!sameIds || number === undefined || byNumber.get(number)?.vector !== vector) continue;
    byNumber.delete(number);
    present.add(at);
  }
  const others = new Map<string, number>();
  for (const { whole } of byNumber.values()) others.set(whole, (others.get(whole) ?? 0) + 1);
  for (const [at, { whole }] of marks.entries()) {
    const left = present.has(at) ? 0 : (others.get(whole) ?? 0);
    if (left === 0) continue;
    others.set(whole, left - 1);
    present.add(at);
  }
  return present;
}

/** Keeps for the runs to come which faces an import leaves out: one bit a face. @param at of the import's entry in flight */
export async function keepSkipped(
  store: StoreContext,
  setId: string,
  id: string,
  at: number,
  skipped: ReadonlySet<number>,
): Promise<void> {
  if (skipped.size === 0) return;
  let last = 0;
  for (const place of skipped) last = Math.max(last, place);
  const bits = Buffer.alloc((last >> 3) + 1);
  for (const place of skipped) bits[place >> 3] = (bits[place >> 3] ?? 0) | (1 << (place & 7));
  await store.table.put({ ...importSkipKey(setId, id, at), skipped: gzipSync(bits).toString('base64') });
}

/** What `keepSkipped` kept; empty where nothing was. */
export async function skippedFaces(
  store: StoreContext,
  setId: string,
  id: string,
  at: number,
): Promise<Set<number>> {
  const item = await store.table.get(importSkipKey(setId, id, at));
  const skipped = new Set<number>();
  if (item === undefined) return skipped;
  for (const [byte, bits] of gunzipSync(Buffer.from(String(item.skipped), 'base64')).entries()) {
    for (let bit = 0; bit < 8; bit += 1) if (bits & (1 << bit)) skipped.add(byte * 8 + bit);
  }
  return skipped;
}
