import { randomUUID } from 'node:crypto';
import { importKey } from '../records/keys.ts';
import type { Store } from '../context.ts';

/**
 * One run of an import, and the note of how far it has come. A later run takes over at once; the earlier one stops at its
 * next note. What the earlier one may still write is the same as what the later one writes, as long as nobody has
 * seen the faces: so only the end has to wait until no request of an earlier run can be on its way.
 */
export interface ImportRun {
  /** Faces that are surely written. */
  readonly done: number;
  readonly finished: boolean;
  /** Notes that `done` faces are written, before it writes more. @throws Error another run has taken over */
  note(done: number): Promise<void>;
  /** Notes again where the last note is no longer new: before each write, so that a process that was frozen learns of others. */
  stillOwn(): Promise<void>;
  /** Waits for earlier runs and notes that all is written. @throws Error another run has taken over */
  finish(): Promise<void>;
}

/** So long after a note all requests of its batch are over, with all their attempts (see the clients' time limits). */
const quietMs = 90_000;
/** A write begins within this time after a note: with all its attempts it is over long before `quietMs` are. */
const freshMs = 20_000;
const pollMs = 200;

interface Note {
  readonly run: string;
  readonly at: number;
  readonly done: number;
  readonly finished: boolean;
  /** When the requests of all earlier runs are over. */
  readonly quietAt: number;
}

export async function startRun(store: Store, setId: string, id: string): Promise<ImportRun> {
  const { database } = store;
  const key = importKey(setId, id);
  const run = randomUUID();
  const before = (await database.get(key)) as Note | undefined;
  const quietAt = before === undefined || before.finished ? 0 : Math.max(before.quietAt, before.at + quietMs);
  const done = before?.done ?? 0;
  if (before?.finished) return { done, finished: true, note: refuse, stillOwn: refuse, finish: refuse };
  const first: Note = { run, at: store.now(), done, finished: false, quietAt };
  const taken =
    before === undefined
      ? await database.put({ ...key, ...first }, 'attribute_not_exists(pk)')
      : await write(first, before.run, before.at);
  if (!taken) return startRun(store, setId, id);

  async function write(note: Note, owner: string, at?: number): Promise<boolean> {
    const item = await database.update(key, {
      UpdateExpression: 'SET run = :run, #at = :at, done = :done, finished = :finished, quietAt = :quiet',
      ConditionExpression: at === undefined ? 'run = :owner' : 'run = :owner AND #at = :before',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: {
        ':run': note.run,
        ':at': note.at,
        ':done': note.done,
        ':finished': note.finished,
        ':quiet': note.quietAt,
        ':owner': owner,
        ...(at === undefined ? {} : { ':before': at }),
      },
    });
    return item !== undefined;
  }
  async function own(doneNow: number, finished: boolean): Promise<void> {
    const note: Note = { run, at: store.now(), done: doneNow, finished, quietAt };
    if (!(await write(note, run))) throw new Error('Another run of this import has taken over.');
    latest = doneNow;
    notedAt = note.at;
  }
  let latest = done;
  let notedAt = first.at;
  return {
    done,
    finished: false,
    note: (doneNow) => own(doneNow, false),
    async stillOwn() {
      if (store.now() - notedAt > freshMs) await own(latest, false);
    },
    async finish() {
      while (store.now() < quietAt) await new Promise((resolve) => setTimeout(resolve, pollMs));
      await own(latest, true);
    },
  };
}

async function refuse(): Promise<void> {
  throw new Error('This import is finished.');
}

/** Keeps all runs of an import from writing; resolves when none can any more. */
export async function stopRuns(store: Store, setId: string, id: string): Promise<void> {
  const run = await startRun(store, setId, id);
  if (!run.finished) await run.finish();
}
