import type { Readable } from 'node:stream';
import { FrsError } from '@openfrs/contract';
import { type DrainBudget, maxDrainBytes } from './admission/drain-budget.ts';
import type { MemoryReservation } from './admission/memory-budget.ts';
import { BodyBuffer } from './body-buffer.ts';
import type { Deadline } from './deadline.ts';
import { readPieces, tinyChunkCheck } from './read-pieces.ts';

/** What reading a body takes. */
export interface BodyReading {
  /** Bytes; more is APIG.0201. */
  readonly limit: number;
  /** Bytes by the sender's word; NaN or absent where it told none. */
  readonly told?: number;
  /** Counts what is held. */
  readonly reservation: MemoryReservation;
  readonly deadline: Deadline;
  /** Called for each piece of it. */
  readonly progress?: () => void;
}

/**
 * Reads a body into memory, which is freed with the reservation: then the bytes are empty. Nothing is kept of one that is
 * refused; what is still on its way then flows by unread, for as long as the server lets it.
 * @throws FrsError APIG.0201 too large, FRS.0014 it broke off, was late or came in tiny chunks, FRS.0033 the bodies of all requests are too much
 * (also in the middle of it, when others need the memory)
 */
export function readStream(
  stream: Readable,
  { limit, told, reservation, deadline, progress }: BodyReading,
): Promise<Uint8Array> {
  const { signal } = deadline;
  if (signal.aborted) return Promise.reject(signal.reason);
  if (stream.destroyed) return Promise.reject(brokeOff());
  deadline.startBody();
  return new Promise((resolve, reject) => {
    // Most bodies are one piece.
    let first: Uint8Array | undefined;
    let memory: BodyBuffer | undefined;
    let size = 0;
    const keep = (chunk: Uint8Array) => {
      if (first === undefined) {
        first = chunk;
        return;
      }
      if (memory === undefined) {
        memory = new BodyBuffer(limit, told);
        memory.append(first);
      }
      memory.append(chunk);
    };
    const isTiny = tinyChunkCheck();
    const take = (chunk: Uint8Array) => {
      size += chunk.length;
      deadline.bodyProgress();
      progress?.();
      if (size > limit) refuse(tooLarge());
      else if (isTiny(chunk)) refuse(inTinyChunks());
      else if (!reservation.add(chunk.length)) refuse(new FrsError('FRS.0033'));
      else keep(chunk);
    };
    const whole = () => {
      detach();
      deadline.endBody();
      const read = memory;
      if (read) reservation.onFree(() => read.free());
      resolve(read?.bytes ?? first ?? new Uint8Array());
      // The listener that stays would hold them as long as the connection.
      first = memory = undefined;
    };
    const broken = () => refuse(brokeOff());
    const late = () => refuse(signal.reason);
    const refuse = (error: FrsError) => {
      detach();
      memory?.free();
      first = memory = undefined;
      // What comes meanwhile waits for `drainStream`, which takes it in pieces: flowing, 32 of 64 kB are read in a turn.
      stream.pause();
      deadline.endBody();
      reject(error);
    };
    const detach = () => {
      reservation.endBody();
      stop();
      stream.off('end', whole).off('close', broken);
      signal.removeEventListener('abort', late);
    };
    // Its listener stays: nobody else would hear of a connection that breaks later.
    stream.on('error', broken);
    stream.on('end', whole).on('close', broken);
    const stop = readPieces(stream, take);
    signal.addEventListener('abort', late, { once: true });
    reservation.startBody(() => refuse(new FrsError('FRS.0033')));
  });
}

/** Milliseconds for which a refused body may pass by: in all, and between two pieces of it. */
const drainLimits = { ms: 5000, idleMs: 1000 };

/**
 * Lets a body that was refused pass by, for a bounded time: many clients read the answer only when they have sent everything.
 * A larger one, one that stalls, and those too many are left: the server closes their connections.
 * @param declared bytes; NaN where the sender told none
 * @param budgetOf the service's; where it can't be opened the body is left
 */
export async function drainStream(
  stream: Readable,
  declared: number,
  budgetOf: () => Promise<DrainBudget>,
): Promise<void> {
  if (stream.readableEnded || stream.destroyed) return;
  const budget = await budgetOf().catch(() => undefined);
  if (stream.readableEnded || stream.destroyed) return;
  const expected = declared || 0;
  if (!budget?.tryStart(expected)) return leave(stream);
  await new Promise<void>((resolve) => {
    let size = 0;
    const isTiny = tinyChunkCheck();
    const take = (chunk: Uint8Array) => {
      size += chunk.length;
      idle.refresh();
      if (isTiny(chunk) || size > maxDrainBytes || (size > expected && !budget.tryTake(chunk.length))) done();
    };
    const done = () => {
      clearTimeout(idle);
      clearTimeout(over);
      stop();
      stream.off('end', done).off('close', done).off('error', done);
      if (!stream.readableEnded) leave(stream);
      resolve();
    };
    const idle = setTimeout(done, drainLimits.idleMs);
    const over = setTimeout(done, drainLimits.ms);
    stream.on('end', done).on('close', done).on('error', done);
    const stop = readPieces(stream, take);
    stream.resume();
  });
  budget.end();
}

/** Takes no more of it than is there. Node reads bodies to their end by itself, of which nothing was asked for. */
function leave(stream: Readable): void {
  stream.pause();
  stream.read(0);
}

/** @param bytes NaN where they aren't known @throws FrsError APIG.0201 */
export function checkSize(bytes: number, limit: number): void {
  if (bytes > limit) throw tooLarge();
}

function tooLarge(): FrsError {
  return new FrsError('APIG.0201');
}

function inTinyChunks(): FrsError {
  return new FrsError('FRS.0014', 'The body came in too many tiny chunks.');
}

function brokeOff(): FrsError {
  return new FrsError('FRS.0014', 'The body broke off.');
}
