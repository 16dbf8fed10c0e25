import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Credentials } from './auth/credentials.ts';
import { type DeadLetterListener, Delivery, type EventListener } from './events/delivery.ts';
import type { EventFilter } from './events/notification.ts';
import { isPlainFileOrNone } from './integrity/data-folder.ts';
import { prepareDataFolder } from './prepare-data-folder.ts';
import type { ExpiryRule } from './s3/expiry.ts';
import { StartupError } from './startup-error.ts';
import { WorkerSupervisor } from './worker-supervisor.ts';

export interface EmbeddedOptions {
  /** Where the data is kept; a temporary folder, removed by `stop`, if absent. */
  readonly dir?: string;
  /** Something outside the stores tells that they were filled in `dir`: a start that finds nothing there fails. */
  readonly held?: boolean;
  /**
   * A write is acknowledged when it is on the disk, and survives a power cut. Absent: where there is a `dir`; a temporary folder has no
   * other day.
   */
  readonly flush?: boolean;
  /**
   * Tables of counters, which are worth nothing after a power cut: whoever counts a request does not wait for the disk, which beside other
   * work takes 150 ms now and then.
   */
  readonly counters?: readonly string[];
  /** 0 or absent: any free one. */
  readonly dynamodbPort?: number;
  readonly s3Port?: number;
  /** Objects and unfinished uploads that are removed by age, as by a lifecycle rule of S3. */
  readonly expiry?: readonly ExpiryRule[];
  /** Pauses between the attempts to deliver an event, in milliseconds. */
  readonly eventRetryMs?: readonly number[];
  /** Told where a fault has ended the stores' thread, which starts again. */
  readonly onRestart?: () => void;
}

export interface EmbeddedStores extends Credentials {
  readonly dynamodbEndpoint: string;
  readonly s3Endpoint: string;
  /** Where events are kept that no attempt could deliver and nobody took, a JSON object (`DeadLetter`) a line. */
  readonly deadLetterFile: string;
  /**
   * Brings the events of a bucket (below a prefix) to the listener, for objects that are written or deleted from when
   * the promise resolves on. At least once: an event is stored together with its object, comes again when the listener
   * rejects, and after a crash to the listener of the next run. Returns a function that ends it.
   * @param onDead takes what no attempt could deliver; without it the file has it
   */
  onEvent(filter: EventFilter, listener: EventListener, onDead?: DeadLetterListener): Promise<() => void>;
  /** Brings no further events, and resolves when the listeners under way have ended; `stop` does it, too. */
  stopEvents(): Promise<void>;
  /** Why nothing can be written at present; reads go on. `undefined`: all is well. */
  storageFault(): string | undefined;
  /** Lets requests under way end (5 s at most) and closes the files. */
  stop(): Promise<void>;
}

/**
 * Starts DynamoDB (dynalite) and S3 (ours) on 127.0.0.1, in a thread of their own: for one server. One key pair, no replicas; what
 * was acknowledged survives a kill and a power cut.
 * @throws StartupError a port is taken, the folder can't be used, is damaged, or another instance uses it
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedStores> {
  const dir = options.dir === undefined ? await mkdtemp(join(tmpdir(), 'openfrs-')) : resolve(options.dir);
  const credentials = await prepareDataFolder(dir);
  const deadLetterFile = join(dir, 'dead-letters.jsonl');
  if (!(await isPlainFileOrNone(deadLetterFile))) {
    throw new StartupError(`${deadLetterFile} is not a file: move it away.`);
  }
  const thread = new WorkerSupervisor({
    dir,
    held: options.held ?? false,
    flush: options.flush ?? options.dir !== undefined,
    counters: options.counters ?? [],
    credentials,
    dynamodbPort: options.dynamodbPort ?? 0,
    s3Port: options.s3Port ?? 0,
    filters: [],
    expiry: options.expiry ?? [],
  });
  const delivery = new Delivery(deadLetterFile, (id) => thread.acknowledge(id), options.eventRetryMs);
  if (options.onRestart) thread.onRestart = options.onRestart;
  thread.onEvent = (id, event) => delivery.receive(id, event);
  const removeTemporary = async () => {
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
  };
  const ports = await thread.start().catch(async (error) => {
    await removeTemporary();
    throw error;
  });
  return {
    ...credentials,
    dynamodbEndpoint: `http://127.0.0.1:${ports.dynamodbPort}`,
    s3Endpoint: `http://127.0.0.1:${ports.s3Port}`,
    deadLetterFile,
    onEvent: async (filter, listener, onDead) => {
      await thread.addFilter(filter);
      return delivery.subscribe(filter, listener, onDead);
    },
    storageFault: () => thread.storageReason,
    stopEvents: () => delivery.stop(),
    stop: async () => {
      await delivery.stop();
      await thread.stop();
      await removeTemporary();
    },
  };
}
