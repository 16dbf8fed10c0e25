import { finished } from 'node:stream/promises';
import type { DurableLevel } from '../level/durable-level.ts';
import { KeyLocks } from '../level/key-locks.ts';
import { tell } from '../log.ts';
import type { Blobs } from './storage/blobs.ts';
import { Catalog } from './storage/catalog.ts';
import type { ObjectRecord } from './storage/records.ts';

/** What happened to an object; becomes S3's event notification. */
export interface ObjectChange {
  readonly kind:
    | 'ObjectCreated:Put'
    | 'ObjectCreated:Post'
    | 'ObjectCreated:Copy'
    | 'ObjectCreated:CompleteMultipartUpload'
    | 'ObjectRemoved:Delete';
  readonly bucket: string;
  readonly key: string;
  readonly size?: number;
  readonly etag?: string;
  readonly sequencer: string;
  readonly time: Date;
}

/** Decides which changes are queued: the text that is stored with the change, and delivered until acknowledged. */
export type ChangeRecorder = (change: ObjectChange) => string | undefined;

/** So many lost objects are named at a start. */
const mostTold = 10;

/** The embedded S3's state in one folder: the catalog (LevelDB) and the bodies (files). */
export class Store {
  readonly catalog: Catalog;
  readonly blobs: Blobs;
  readonly locks = new KeyLocks();
  readonly #record: ChangeRecorder;
  readonly #recorded: (id: string, body: string) => void;

  /** @param level the catalog's, open */
  constructor(
    level: DurableLevel,
    blobs: Blobs,
    record: ChangeRecorder,
    recorded: (id: string, body: string) => void,
  ) {
    this.catalog = new Catalog(level);
    this.blobs = blobs;
    this.#record = record;
    this.#recorded = recorded;
  }

  /** Sweeps what a crash left and tells of what is lost. @throws StartupError the folder of the bodies is missing */
  async open(): Promise<void> {
    const used = await this.catalog.usedBlobs();
    await this.blobs.open(used.size > 0);
    await this.blobs.sweep((id) => used.has(id));
    await this.#tellOfLost(used);
  }

  /** An object whose bytes are lost is answered as one that isn't there: the index writes its own anew. */
  async #tellOfLost(used: Awaited<ReturnType<Catalog['usedBlobs']>>): Promise<void> {
    const lost: string[] = [];
    for (const [id, { size, of }] of used) {
      const problem = await this.blobs.problemOf({ id, size });
      if (problem !== undefined) lost.push(`${of} (${problem})`);
    }
    if (lost.length === 0) return;
    const more = lost.length > mostTold ? `, and ${lost.length - mostTold} more` : '';
    tell('error', `Stored objects are lost or damaged: ${lost.slice(0, mostTold).join(', ')}${more}.`);
  }

  /** Reads every body; each that is damaged is told, and counts as lost from then on. */
  async checkBodies(): Promise<void> {
    for await (const blob of this.catalog.blobs()) {
      const bytes = this.blobs.read([blob], 0, blob.size);
      // What was removed meanwhile isn't there, what is damaged has been told.
      await finished(bytes.resume()).catch(() => undefined);
    }
  }

  /**
   * Replaces an object's entry (or removes it) after `check` has seen the present one; writes to one key happen
   * one after another, so that of two conditional puts one wins. The event is stored in the same write.
   */
  async change(
    bucket: string,
    key: string,
    kind: ObjectChange['kind'],
    next: Omit<ObjectRecord, 'sequencer' | 'modifiedAt'> | undefined,
    check: (present: ObjectRecord | undefined) => void,
    finishedUpload?: string,
  ): Promise<ObjectRecord | undefined> {
    return this.locks.run(`${bucket}/${key}`, async () => {
      const present = this.catalog.object(bucket, key);
      check(present);
      if (!present && !next) return undefined;
      const time = new Date();
      const sequencer = this.catalog.nextSequencer();
      const record = next && { ...next, modifiedAt: time.toISOString(), sequencer };
      const change: ObjectChange = {
        kind,
        bucket,
        key,
        sequencer,
        time,
        ...(record && { size: record.size, etag: record.etag }),
      };
      const body = this.#record(change);
      await this.catalog.commitObject(bucket, key, record, {
        ...(finishedUpload !== undefined && { finishedUpload }),
        ...(body !== undefined && { event: { id: sequencer, body } }),
      });
      if (present) await this.blobs.remove(present.blobs);
      if (body !== undefined) this.#recorded(sequencer, body);
      return record;
    });
  }

  /** Forgets an upload and removes its parts' bytes, except those that became an object's. */
  async abandonUpload(bucket: string, id: string, keep: ReadonlySet<string> = new Set()): Promise<void> {
    const parts = await this.catalog.parts(bucket, id);
    await this.catalog.removeUpload(bucket, id);
    await this.blobs.remove(parts.map(({ blob }) => blob).filter((blob) => !keep.has(blob.id)));
  }
}
