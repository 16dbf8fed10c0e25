import type { Steps } from '@openfrs/contract/steps';
import type { Block } from '../block.ts';
import { firstChunk, type Search, scanBlock, scanRange } from '../scan.ts';
import { control, maxMorsels, sharedFrom, takeFirst } from './control.ts';
import type { FoundInBlock, SharedRows, SharedScan } from './scan-thread.ts';
import { scanThread } from './thread-supply.ts';

/** Rows of a morsel: some .3 ms, for which at most one thread waits for the other at the end. */
const morselRows = 16_384;
/** Of half a millisecond, for a thread that is held up: its processor may be somebody else's for long. */
const mostWaits = 4;

/** A block that both threads can scan. */
type SharedBlock = SharedRows & { readonly block: Block };

export interface ScanThreads {
  readonly thread: typeof scanThread;
  readonly sharedFrom: number;
}

/** Scans the live rows of blocks; where they are many and there is a second processor, beside another thread. */
export function* scanBlocks(
  blocks: readonly Block[],
  search: Search,
  { thread, sharedFrom: least }: ScanThreads = { thread: scanThread, sharedFrom },
): Steps<void> {
  // The query is turned a block at a time: some .1 ms each (then it is known, unless the block moved meanwhile).
  for (const [at, { quantised }] of blocks.entries()) {
    if (at > 0 && quantised.rotation) yield;
    search.probe.for(quantised.rotation);
  }
  const shared = blocks.flatMap((block) => sharedBlock(block, search));
  const bytes = shared.reduce((sum, { block }) => sum + block.rows * block.quantised.stride, 0);
  const morsels = morselsOf(shared);
  const other = bytes < least || morsels.length > 3 * maxMorsels ? undefined : thread();
  if (other === undefined) {
    for (const block of blocks) yield* scanBlock(block, [search]);
    return;
  }
  const isShared = new Set(shared.map(({ block }) => block));
  for (const block of blocks) if (!isShared.has(block)) yield* scanBlock(block, [search]);
  // The first morsel alone: without a threshold all rows would be found.
  yield* scanMorsels(shared, morsels, search, [0], firstChunk);
  const rest = morsels.subarray(3);
  const scan = other.begin(shared, rest, search.candidates.threshold);
  if (scan === undefined) {
    yield* scanMorsels(shared, rest, search, range(0, rest.length / 3));
    return;
  }
  try {
    yield* scanMorsels(shared, rest, search, firstLeft(scan, search));
    yield* takeFound(shared, rest, search, scan);
  } finally {
    scan.close();
  }
}

/** Takes what the other thread found in the morsels that it took; scans those here that it is held up with. */
function* takeFound(
  shared: readonly SharedBlock[],
  rest: Int32Array,
  search: Search,
  scan: SharedScan,
): Steps<void> {
  const morsels = rest.length / 3;
  const takenFrom = Atomics.load(scan.words, control.left) & 0xffff;
  // It has taken nothing, as one that is still starting: nobody waits for it.
  if (takenFrom === morsels) return;
  for (let waits = 0; waits < mostWaits && !scan.wait(); waits += 1) yield;
  const { from, found } = scan.take();
  yield* offerFound(shared, search, found);
  yield* scanMorsels(shared, rest, search, range(takenFrom, from));
}

function sharedBlock(block: Block, { probe }: Search): SharedBlock[] {
  const { resident, rotation } = block.quantised;
  const shared = resident?.kernel.shared;
  return resident && shared ? [{ ...resident, shared, block, probe: probe.for(rotation) }] : [];
}

/** Three numbers a morsel: its block's place in the list, its first row and the one behind its last, multiples of 4. */
function morselsOf(blocks: readonly SharedBlock[]): Int32Array {
  const morsels: number[] = [];
  for (const [b, { block }] of blocks.entries()) {
    const rows = Math.ceil(block.rows / 4) * 4;
    for (let from = 0; from < rows; from += morselRows)
      morsels.push(b, from, Math.min(rows, from + morselRows));
  }
  return Int32Array.from(morsels);
}

function* range(from: number, to: number): Generator<number> {
  for (let morsel = from; morsel < to; morsel += 1) yield morsel;
}

/** Morsels that the other thread leaves, telling it the threshold before each. */
function* firstLeft(scan: SharedScan, search: Search): Generator<number> {
  for (let morsel = takeFirst(scan.words); morsel !== undefined; morsel = takeFirst(scan.words)) {
    scan.raiseFloor(search.candidates.threshold);
    yield morsel;
  }
}

function* scanMorsels(
  blocks: readonly SharedBlock[],
  morsels: Int32Array,
  search: Search,
  taken: Iterable<number>,
  first?: number,
): Steps<void> {
  let entered: Block | undefined;
  for (const morsel of taken) {
    if (entered) yield;
    const [b, from, to] = morsels.subarray(3 * morsel, 3 * morsel + 3) as unknown as [number, number, number];
    const { block } = blocks[b]!;
    if (entered !== block) search.candidates.enter(block);
    entered = block;
    yield* scanRange(block, search, [from, to], first);
  }
}

function* offerFound(
  blocks: readonly SharedBlock[],
  { candidates }: Search,
  found: readonly FoundInBlock[],
): Steps<void> {
  let entered: Block | undefined;
  for (const { block: b, pairs } of found) {
    if (entered) yield;
    const { block, probe } = blocks[b]!;
    if (entered !== block) candidates.enter(block);
    entered = block;
    const { errors } = block.quantised;
    const estimates = new Float32Array(pairs.buffer);
    for (let i = 0; i < pairs.length; i += 2) {
      const row = pairs[i]!;
      const error = errors[row]!;
      // Removed since.
      if (error === Number.NEGATIVE_INFINITY) continue;
      candidates.offer(row, estimates[i + 1]!, error + probe.slack);
    }
  }
}
