import { createHash } from 'node:crypto';
import type { DeadLetters, Upload } from '@openfrs/core';
import { encodeKey } from '@openfrs/embedded';
import type { ListedObject, ObjectWatch, SeenObject } from '@openfrs/store';
import { bringToFunction, type QueueFunction } from './queue-event.ts';

export interface WatchPorts {
  readonly watch: ObjectWatch;
  readonly bucket: string;
  /** As the function behind the queue in the cloud. */
  readonly handler: QueueFunction;
  readonly deadLetters: DeadLetters;
  readonly now: () => number;
  /** Asked before each object: false ends the pass, for another server has it now. */
  mayGoOn(): Promise<boolean>;
}

/** The function gives up what fails by itself. What it depends on may fail for about four days. */
const mostAttempts = 100;
/** Behind the first failure; doubled behind each further one. */
const firstPauseMs = 60_000;
const longestPauseMs = 3_600_000;

/** How long an object is left alone that failed so often. */
const pauseMs = (failures: number) => Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));

/**
 * One look at a bucket whose S3 tells nobody of what is put: each object that is new or changed is brought to the function that enrols,
 * each that is gone to that which removes. Cut off and repeated it does nothing twice: a version's name follows from the list alone.
 */
export async function lookAtBucket(ports: WatchPorts): Promise<void> {
  const { watch } = ports;
  const known = new Map<string, SeenObject>();
  for await (const page of watch.seen()) for (const object of page) known.set(object.key, object);
  for await (const page of watch.list()) {
    for (const object of page) {
      const last = known.get(object.key);
      known.delete(object.key);
      // A copy of what was backed up has a time of its own, and is no new photo.
      const isSame =
        last?.etag === object.etag && (last.modified === object.modified || last.restored === true);
      if (isSame && last.restored === true) {
        if (!(await ports.mayGoOn())) return;
        await adopt(object, last, watch);
      }
      if (isSame && (last.failures === 0 || (last.retryAt ?? 0) > ports.now())) continue;
      if (!(await ports.mayGoOn())) return;
      await bringPut(object, last, isSame, ports);
    }
  }
  // What is left is in no list any more.
  for (const last of known.values()) {
    const { key, version: put } = last;
    // The bucket is a new one and nobody has deleted anything: its faces stay.
    if (last.restored === true) continue;
    if ((last.retryAt ?? 0) > ports.now()) continue;
    if (!(await ports.mayGoOn())) return;
    // After the photo in any case: the engine's clock may be ahead of ours.
    const version = [timeHex(ports.now()), next(put)].toSorted().at(-1) as string;
    const event = eventOf('ObjectRemoved:Delete', { bucket: ports.bucket, key, version });
    const failures = last.failures + 1;
    try {
      await bringToFunction(ports.handler, event);
      await watch.forget(key);
    } catch {
      // The function has said why in the log; a later pass tries again, and others need not wait for it.
      await watch.see({ ...last, failures, retryAt: ports.now() + pauseMs(failures) });
    }
  }
}

/** From now on it is watched as any other. */
async function adopt(object: ListedObject, last: SeenObject, watch: ObjectWatch): Promise<void> {
  const { restored: _restored, ...seen } = last;
  await watch.see({ ...seen, ...object });
}

async function bringPut(
  object: ListedObject,
  last: SeenObject | undefined,
  isSame: boolean,
  { watch, bucket, handler, deadLetters, now }: WatchPorts,
): Promise<void> {
  const version = isSame && last ? last.version : versionAfter(object, last?.version);
  const upload = { bucket, key: object.key, version, etag: object.etag };
  const failures = (isSame && last ? last.failures : 0) + 1;
  try {
    await bringToFunction(handler, eventOf('ObjectCreated:Put', upload, object.modified));
    await watch.see({ ...object, version, failures: 0 });
  } catch {
    // The function has said why in the log.
    const isLast = failures >= mostAttempts;
    if (isLast) await deadLetters.put(upload, 'FRS.0018', `It failed ${mostAttempts} times: see the log.`);
    await watch.see({
      ...object,
      version,
      ...(isLast ? { failures: 0 } : { failures, retryAt: now() + pauseMs(failures) }),
    });
  }
}

/** By the time it was put, and by its content where S3's seconds don't tell two apart; later than the version before in any case. */
function versionAfter({ modified, etag }: ListedObject, before: string | undefined): string {
  const content = createHash('sha256').update(etag).digest('hex').slice(0, 8);
  const version = `${timeHex(modified)}${content}`;
  if (before === undefined || version > before) return version;
  return `${next(before)}${content}`;
}

/** The time of a version, a millisecond later. */
const next = (version: string) => timeHex(Number.parseInt(version.slice(0, 12), 16) + 1);

/** Of one length, so that texts compare as times do. */
const timeHex = (time: number) => Math.max(0, Math.floor(time)).toString(16).padStart(12, '0');

function eventOf(eventName: 'ObjectCreated:Put' | 'ObjectRemoved:Delete', upload: Upload, time?: number) {
  const object = {
    key: encodeKey(upload.key),
    sequencer: upload.version,
    ...(upload.etag && { eTag: upload.etag }),
  };
  const eventTime = time === undefined ? {} : { eventTime: new Date(time).toISOString() };
  return { Records: [{ eventName, ...eventTime, s3: { bucket: { name: upload.bucket }, object } }] };
}
