import type { EntropyReader, HuffmanTable } from './jpeg-entropy.ts';
import type { JpegFrameHeader } from './jpeg-segments.ts';

/** What a scan header says (ITU-T T.81, B.2.3). */
export interface JpegScan {
  readonly components: readonly {
    /** Its place in the frame header. */
    readonly component: number;
    readonly dc: HuffmanTable | undefined;
    readonly ac: HuffmanTable | undefined;
  }[];
  /** The coefficients it holds, in zigzag order (Ss, Se), and the bits of them (Ah, Al); sequential ones hold all. */
  readonly first: number;
  readonly last: number;
  readonly high: number;
  readonly low: number;
}

interface Plane {
  /** Blocks in a row, those that pad the picture included. */
  readonly stride: number;
  /** Blocks that the picture needs, across and down. */
  readonly across: number;
  readonly down: number;
  /** The bit that each of the 64 coefficients is known to; 255: nothing of it yet. */
  readonly precision: Uint8Array;
  /** Is a block's coefficient other than 0 by now? Progressive frames only. */
  readonly nonzero: Uint8Array;
}

/**
 * Walks through the blocks of a frame's scans as a decoder does (T.81, F.2 and G.2), without working out their samples: whether all of the
 * picture is there, and where it ends. Time by the file's bytes and blocks; a byte of memory a coefficient of a progressive frame.
 */
export function createScanWalk(frame: JpegFrameHeader, progressive: boolean) {
  const { width, height, components } = frame;
  const [mostAcross, mostDown] = [
    Math.max(...components.map(({ across }) => across)),
    Math.max(...components.map(({ down }) => down)),
  ];
  const columns = Math.ceil(width / (8 * mostAcross));
  const rows = Math.ceil(height / (8 * mostDown));
  const planes = components.map(
    ({ across, down, blocks }): Plane => ({
      stride: columns * across,
      across: Math.ceil(Math.ceil((width * across) / mostAcross) / 8),
      down: Math.ceil(Math.ceil((height * down) / mostDown) / 8),
      precision: new Uint8Array(64).fill(255),
      nonzero: new Uint8Array(progressive ? 64 * blocks : 0),
    }),
  );
  const planeAt = (component: number) => planes[component] as Plane;

  /** How a scan's blocks are walked through; `block` counts in the plane. */
  function walkBlock(scan: JpegScan, reader: EntropyReader) {
    /** Blocks that are known to hold nothing more of the scan's coefficients. */
    let endOfBandRun = 0;
    const { first, last, high } = scan;

    function sequential({ dc, ac }: JpegScan['components'][number]): void {
      reader.bits(reader.symbol(dc));
      for (let k = 1; k < 64; k += 1) {
        const symbol = reader.symbol(ac);
        const size = symbol & 15;
        if (size === 0 && symbol !== 0xf0) return;
        k += symbol >> 4;
        if (k > 63) throw new Error('A block has more than 64 coefficients.');
        reader.bits(size);
      }
    }

    const endOfBand = (length: number) => (1 << length) + reader.bits(length);

    function firstBits(ac: HuffmanTable | undefined, nonzero: Uint8Array, at: number): void {
      if (endOfBandRun > 0) {
        endOfBandRun -= 1;
        return;
      }
      for (let k = first; k <= last; k += 1) {
        const symbol = reader.symbol(ac);
        const [run, size] = [symbol >> 4, symbol & 15];
        if (size === 0 && run < 15) {
          endOfBandRun = endOfBand(run) - 1;
          return;
        }
        k += run;
        if (size === 0) continue;
        if (k > last) throw new Error('A block has more coefficients than its scan.');
        reader.bits(size);
        nonzero[at + k] = 1;
      }
    }

    function moreBits(ac: HuffmanTable | undefined, nonzero: Uint8Array, at: number): void {
      let k = first;
      for (; k <= last && endOfBandRun === 0; k += 1) {
        const symbol = reader.symbol(ac);
        const size = symbol & 15;
        let run = symbol >> 4;
        if (size === 0 && run < 15) {
          endOfBandRun = endOfBand(run);
          break;
        }
        if (size > 0) reader.bits(1);
        for (; k <= last; k += 1) {
          if (nonzero[at + k] === 1) reader.bits(1);
          else if (--run < 0) break;
        }
        if (size > 0 && k <= last) nonzero[at + k] = 1;
      }
      if (endOfBandRun === 0) return;
      for (; k <= last; k += 1) if (nonzero[at + k] === 1) reader.bits(1);
      endOfBandRun -= 1;
    }

    return {
      restart() {
        endOfBandRun = 0;
      },
      walk(part: JpegScan['components'][number], block: number): void {
        const { nonzero } = planeAt(part.component);
        if (!progressive) sequential(part);
        else if (first === 0) reader.bits(high === 0 ? reader.symbol(part.dc) : 1);
        else if (high === 0) firstBits(part.ac, nonzero, 64 * block);
        else moreBits(part.ac, nonzero, 64 * block);
      },
    };
  }

  return {
    frame,
    /** The scan's units (T.81: MCUs), to be walked through in order. @throws Error a scan that no such frame has */
    begin(scan: JpegScan, reader: EntropyReader) {
      const { first, last, high, low, components: parts } = scan;
      const [from, to, low_] = progressive ? [first, last, low] : [0, 63, 0];
      const [only] = parts;
      const wrong = to > 63 || from > to || (progressive && (from === 0 ? to !== 0 : parts.length !== 1));
      if (only === undefined || wrong) throw new Error('No scan is like this.');
      for (const { component } of parts) {
        const { precision } = planeAt(component);
        for (let k = from; k <= to; k += 1) {
          if (progressive && high !== 0 && precision[k] !== high) throw new Error('A scan refines nothing.');
          precision[k] = low_;
        }
      }
      const blocks = walkBlock(scan, reader);
      const plane = planeAt(only.component);
      const units = parts.length === 1 ? plane.across * plane.down : columns * rows;
      return {
        units,
        decodeUnit(unit: number, restarted: boolean): void {
          if (restarted) blocks.restart();
          if (parts.length === 1) {
            const row = Math.floor(unit / plane.across);
            blocks.walk(only, row * plane.stride + (unit - row * plane.across));
            return;
          }
          const row = Math.floor(unit / columns);
          for (const part of parts) {
            const { across, down } = components[part.component] as (typeof components)[number];
            const left = (unit - row * columns) * across;
            for (let y = 0; y < down; y += 1) {
              const start = (row * down + y) * planeAt(part.component).stride + left;
              for (let x = 0; x < across; x += 1) blocks.walk(part, start + x);
            }
          }
        },
      };
    },
    /** Has every coefficient of every component come, to its last bit? */
    isComplete: () => planes.every(({ precision }) => precision.every((bit) => bit === 0)),
  };
}
