import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { sharedModule } from '../kernel/instantiate.ts';
import type { Kernel, RowAddresses, SharedMemory } from '../kernel/kernel.ts';
import type { Probe } from '../quantise.ts';
import { allLeft, control } from './control.ts';
import { threadCode } from './thread-code.ts';

/** Rows in a shared memory. */
export interface SharedRows {
  readonly kernel: Kernel;
  readonly shared: SharedMemory;
  readonly addresses: RowAddresses;
}

/** What the thread found in one chunk of a block's rows: pairs of a row and, as a float's bits, its estimate. */
export interface FoundInBlock {
  /** The block's place in the scan's list. */
  readonly block: number;
  readonly pairs: Int32Array<ArrayBuffer>;
}

/** A scan that the thread takes part in. */
export interface SharedScan {
  readonly words: Int32Array;
  /** Rows that can't reach it are of no use any more. */
  raiseFloor(floor: number): void;
  /** Waits a moment at most; undefined while the thread is at work, 'lost' where it has ended. */
  poll(): readonly FoundInBlock[] | 'lost' | undefined;
}

/** Milliseconds that a search, done with its own morsels, stands still for the thread's last one. */
const pollMs = 0.5;

class ScanThread {
  private readonly words = new Int32Array(new SharedArrayBuffer(control.words * 4));
  private readonly floor = new Float32Array(this.words.buffer);
  private readonly port: MessagePort;
  private readonly ids = new WeakMap<Kernel, number>();
  /** The thread has their memories. */
  private readonly known = new WeakSet<Kernel>();
  private nextId = 0;
  private isBusy = false;
  isLost = false;
  /** The thread must not keep memory that nobody else uses. */
  private readonly gone = new FinalizationRegistry<number>((id) => this.port.postMessage({ gone: id }));

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const worker = new Worker(threadCode, {
      eval: true,
      execArgv: [],
      workerData: { module: sharedModule(), port: port2 },
      transferList: [port2],
    });
    const lose = () => {
      this.isLost = true;
    };
    worker.on('error', lose).on('exit', lose).unref();
    port1.unref();
  }

  /** Undefined while it is at work for somebody else. */
  begin(
    blocks: readonly SharedRows[],
    morsels: Int32Array,
    { ints: query, unit }: Probe,
    floor: number,
  ): SharedScan | undefined {
    if (this.isBusy && Atomics.load(this.words, control.done) === 0) return undefined;
    // Of a scan that was given up.
    if (this.isBusy) receiveMessageOnPort(this.port);
    const { words } = this;
    this.isBusy = true;
    Atomics.store(words, control.done, 0);
    Atomics.store(words, control.left, allLeft(morsels.length / 3));
    this.floor[control.floor] = floor;
    const told = blocks.map(({ kernel, shared: { memory, queryAt, outAt }, addresses }) => {
      const isKnown = this.known.has(kernel);
      this.known.add(kernel);
      return { id: this.idOf(kernel), addresses, queryAt, outAt, ...(isKnown ? {} : { memory }) };
    });
    this.port.postMessage({ job: { words, floor: this.floor, blocks: told, morsels, query, unit } });
    return {
      words,
      raiseFloor: (raised) => {
        this.floor[control.floor] = raised;
      },
      poll: () => {
        if (this.isLost) return 'lost';
        if (Atomics.wait(words, control.done, 0, pollMs) === 'timed-out') return undefined;
        this.isBusy = false;
        return (receiveMessageOnPort(this.port)?.message ?? 'lost') as readonly FoundInBlock[] | 'lost';
      },
    };
  }

  private idOf(kernel: Kernel): number {
    const known = this.ids.get(kernel);
    if (known !== undefined) return known;
    const id = this.nextId++;
    this.ids.set(kernel, id);
    this.gone.register(kernel, id);
    return id;
  }
}

let thread: ScanThread | undefined;

/** The process's scanning thread, started when it is first asked for; undefined where there is no second processor. */
export function scanThread(): Pick<ScanThread, 'begin'> | undefined {
  if (availableParallelism() < 2) return undefined;
  if (thread === undefined || thread.isLost) thread = new ScanThread();
  return thread;
}
