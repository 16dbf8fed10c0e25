import { segment } from './hostile-pictures.ts';

/** JPEGs as cameras and transfers leave them: whole in their pixels, odd in what is around. Made block by block, so that each byte is known. */
export interface OddJpeg {
  /** Blocks across and down. */
  readonly across: number;
  readonly down: number;
  /** Blocks between two restart markers; none: no markers. */
  readonly restartInterval?: number;
  /** What stands before a restart marker, by its place. */
  readonly beforeRestart?: (index: number) => Uint8Array;
  /** The number, 0 to 7, of a restart marker, by its place. */
  readonly restartNumber?: (index: number) => number;
  /** Bytes of an interval's data that are left out at its end, by its place. */
  readonly missing?: (index: number) => number;
  /** What stands before each segment but the first. */
  readonly between?: Uint8Array;
  /** The last three bytes of the scan header: Ss, Se, Ah and Al. */
  readonly selection?: readonly [number, number, number];
  /** Application segments. */
  readonly application?: readonly Uint8Array[];
  /** What follows the data: the end of the image. */
  readonly end?: Uint8Array;
}

const u16 = (value: number) => [(value >> 8) & 255, value & 255];
/** Twelve codes of four bits for the sizes 0 to 11; one of one bit for "no more of this block". */
const dcTable = segment(0xc4, Buffer.from([0, 0, 0, 0, 12, ...Array(12).fill(0), ...Array(12).keys()]));
const acTable = segment(0xc4, Buffer.from([0x10, 1, ...Array(15).fill(0), 0]));

/** The grey of a block: neighbours differ. */
const level = (block: number) => ((block * 37) % 200) - 100;

/** A block's bits: the size of its difference, the difference, and that nothing follows. */
function bitsOf(difference: number): string {
  const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
  const stored = difference < 0 ? difference + 2 ** size - 1 : difference;
  const value = size === 0 ? '' : stored.toString(2).padStart(size, '0');
  return `${size.toString(2).padStart(4, '0')}${value}0`;
}

function dataOf(from: number, to: number): Buffer {
  let before = 0;
  let bits = '';
  for (let block = from; block < to; block += 1) {
    bits += bitsOf(level(block) - before);
    before = level(block);
  }
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '1'), 2));
  return Buffer.from(bytes.flatMap((byte) => (byte === 255 ? [255, 0] : [byte])));
}

const nothing = new Uint8Array(0);

/** A grey JPEG of flat blocks. */
export function oddJpeg(options: OddJpeg): Buffer {
  const { across, down, restartInterval, between = nothing, selection = [0, 63, 0] } = options;
  const blocks = across * down;
  const interval = restartInterval ?? blocks;
  const data: Uint8Array[] = [];
  for (let index = 0; index * interval < blocks; index += 1) {
    const whole = dataOf(index * interval, Math.min(blocks, (index + 1) * interval));
    data.push(whole.subarray(0, whole.length - (options.missing?.(index) ?? 0)));
    if ((index + 1) * interval >= blocks) break;
    data.push(options.beforeRestart?.(index) ?? nothing);
    data.push(Buffer.from([0xff, 0xd0 + (options.restartNumber?.(index) ?? index % 8)]));
  }
  const segments = [
    ...(options.application ?? []),
    segment(0xdb, Buffer.from([0]), Buffer.alloc(64, 8)),
    segment(0xc0, Buffer.from([8, ...u16(8 * down), ...u16(8 * across), 1, 1, 0x11, 0])),
    dcTable,
    acTable,
    ...(restartInterval === undefined ? [] : [segment(0xdd, Buffer.from(u16(restartInterval)))]),
    segment(0xda, Buffer.from([1, 1, 0, ...selection])),
  ];
  const start = Buffer.from([0xff, 0xd8]);
  return Buffer.concat([
    start,
    ...segments.flatMap((part, index) => (index === 0 ? [part] : [between, part])),
    ...data,
    options.end ?? Buffer.from([0xff, 0xd9]),
  ]);
}
