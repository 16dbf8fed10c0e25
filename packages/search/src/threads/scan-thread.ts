import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { sharedModule } from '../kernel/instantiate.ts';
import { type Kernel, type RowAddresses, type SharedMemory, wordsOf } from '../kernel/kernel.ts';
import type { BlockProbe } from '../quantise.ts';
import { allLeft, control } from './control.ts';
import { threadCode } from './thread-code.ts';

/** Rows in a shared memory. */
export interface SharedRows {
  readonly kernel: Kernel;
  readonly shared: SharedMemory;
  readonly addresses: RowAddresses;
  /** The query for these rows. */
  readonly probe: BlockProbe;
}

/** What the thread found in one chunk of a block's rows: pairs of a row and, as a float's bits, its estimate. */
export interface FoundInBlock {
  /** The block's place in the scan's list. */
  readonly block: number;
  readonly pairs: Int32Array<ArrayBuffer>;
}

/** What the thread sends: all that it found in the morsels from `from` on to those of the message before. */
interface Sent {
  readonly from: number;
  readonly found: readonly FoundInBlock[];
}

/** A scan that the thread takes part in. Its state is its own: it may be paused, or given up, while others come and go. */
export interface SharedScan {
  /** The control block. */
  readonly words: Int32Array;
  /** Rows that can't reach the threshold are of no use any more. */
  raiseFloor(floor: number): void;
  /** Waits a moment at most. @returns has the thread nothing more to do for this scan? */
  wait(): boolean;
  /** What the thread has found so far, all that there is in morsels from `from` on; closes the scan. */
  take(): Sent;
  /** Nobody looks at what the thread finds from now on: it takes no more morsels. */
  close(): void;
}

/** Milliseconds of a wait at most. */
const waitMs = 0.5;

/** A thread that scans morsels of one search at a time. */
export class ScanThread {
  /** The scan that it was told last: all messages there are belong to it. */
  private current: Scan | undefined;
  private readonly port: MessagePort;
  private readonly ids = new WeakMap<Kernel, number>();
  /** The thread has their memories. */
  private readonly known = new WeakSet<Kernel>();
  private nextId = 0;
  /** The thread must not keep memory that nobody else uses. */
  private readonly gone = new FinalizationRegistry<number>((id) => this.port.postMessage({ gone: id }));

  /**
   * @param lose told once, when the thread has ended
   * @param code what it runs
   * @throws Error no thread can be started
   */
  constructor(lose: () => void, code = threadCode) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    port1.unref();
    const worker = new Worker(code, {
      eval: true,
      execArgv: [],
      workerData: { module: sharedModule(), port: port2 },
      transferList: [port2],
    });
    // An error is followed by the exit.
    worker.on('error', () => {}).on('exit', lose);
    worker.unref();
  }

  /**
   * Undefined while it is at work for somebody else.
   * @param floor the threshold
   */
  begin(blocks: readonly SharedRows[], morsels: Int32Array, floor: number): SharedScan | undefined {
    if (this.current && !this.current.isDone) return undefined;
    // Its search may be paused, and wants what is there for it.
    this.current?.receive();
    const scan = new Scan(this.port, morsels.length / 3, floor);
    const told = blocks.map(({ kernel, shared: { memory, rowsAt, probeAt, outAt }, addresses, probe }) => {
      const isKnown = this.known.has(kernel);
      this.known.add(kernel);
      const rows = wordsOf(addresses);
      // What is told is copied: never the `counted` bytes.
      const places = { rowsAt, probeAt, outAt };
      return { id: this.idOf(kernel), rows, probe, ...places, ...(isKnown ? {} : { memory }) };
    });
    this.port.postMessage({
      job: { words: scan.words, floor: scan.floor, blocks: told, morsels },
    });
    this.current = scan;
    return scan;
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

class Scan implements SharedScan {
  readonly words = new Int32Array(new SharedArrayBuffer(control.words * 4));
  readonly floor = new Float32Array(this.words.buffer);
  private readonly port: MessagePort;
  private from: number;
  private found: FoundInBlock[] = [];
  /** No message that is still to come is this scan's. */
  private isReceived = false;
  private isClosed = false;

  constructor(port: MessagePort, morsels: number, floor: number) {
    this.port = port;
    this.from = morsels;
    Atomics.store(this.words, control.left, allLeft(morsels));
    this.floor[control.floor] = floor;
  }

  get isDone(): boolean {
    return Atomics.load(this.words, control.done) === 1;
  }

  raiseFloor(floor: number): void {
    this.floor[control.floor] = floor;
  }

  wait(): boolean {
    return Atomics.wait(this.words, control.done, 0, waitMs) !== 'timed-out';
  }

  take(): Sent {
    this.receive();
    const { from, found } = this;
    // What comes later is scanned by the search itself, and would count twice.
    this.close();
    return { from, found };
  }

  close(): void {
    this.isClosed = true;
    this.found = [];
    Atomics.store(this.words, control.left, 0);
  }

  /** Takes in the messages that are there; as long as no other scan was begun, or just before. */
  receive(): void {
    if (this.isReceived) return;
    // Asked before: what comes behind these messages isn't missed.
    this.isReceived = this.isDone;
    for (;;) {
      const received = receiveMessageOnPort(this.port);
      if (received === undefined) return;
      const { from, found } = received.message as Sent;
      if (this.isClosed) continue;
      this.from = from;
      this.found.push(...found);
    }
  }
}
