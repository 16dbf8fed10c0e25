import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '@openfrs/core';
import { createVision, type LocalVision } from '@openfrs/vision';
import type Sharp from 'sharp';
import { photo } from '../../support/photos.ts';

const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

/** Megabytes of memory that the process holds (RSS). */
export interface MemoryResult {
  readonly pictures: number;
  readonly start: number;
  /** Of each tenth of the pictures, one after the other: the most seen. */
  readonly tenths: readonly number[];
  readonly at_once: number;
  /** While so many wait at once: the most seen. */
  readonly at_once_peak: number;
  /** The most that the process ever held, as the system counts it. */
  readonly peak: number;
  readonly seconds: number;
}

/** What is promised: megabytes, and by how much a crowd may exceed one by one. */
const memoryLimits = { peak: 600, growth: 1.05, crowd: 1.25 } as const;

const photos = [1, 2, 3, 4, 5, 6] as const;

/** Files of 8 megapixels through the whole pipeline (decode to vectors), one after the other, then many at once. */
export async function measureMemory(count: number, atOnce: number): Promise<MemoryResult> {
  const files = await Promise.all(photos.map((number) => eightMegapixels(photo(number))));
  const vision = await createVision({ modelsDir: readConfig().modelsDir });
  try {
    await vision.warm();
    const begun = performance.now();
    const start = rss();
    const look = (index: number) => describe(vision, files[index % files.length] as Uint8Array);
    const tenths: number[] = [];
    for (let done = 0; done < count; done += 1) {
      await look(done);
      const tenth = Math.floor((10 * done) / count);
      tenths[tenth] = Math.max(tenths[tenth] ?? 0, rss());
    }
    let peak = 0;
    let left = atOnce;
    const watching = (async () => {
      for (; left > 0; await sleep(20)) peak = Math.max(peak, rss());
    })();
    const crowd = Array.from({ length: atOnce }, async (_, index) => {
      await look(index);
      left -= 1;
    });
    await Promise.all([...crowd, watching]);
    return {
      pictures: count,
      start,
      tenths,
      at_once: atOnce,
      at_once_peak: peak,
      peak: process.resourceUsage().maxRSS / 1024,
      seconds: (performance.now() - begun) / 1000,
    };
  } finally {
    await vision.close();
  }
}

/** What of the limits the result passes, in words; none when all is well. */
export function memoryComplaints({ tenths, at_once_peak, peak }: MemoryResult): string[] {
  const settled = Math.max(...tenths.slice(1, 4));
  const last = tenths.at(-1) ?? 0;
  return [
    ...(peak > memoryLimits.peak ? [`the peak is over ${memoryLimits.peak} MB`] : []),
    ...(last > settled * memoryLimits.growth ? ['memory grows with the pictures'] : []),
    ...(at_once_peak > Math.max(...tenths) * memoryLimits.crowd ? ['many at once take much more'] : []),
  ];
}

export function memoryTable(result: MemoryResult): string {
  const mb = (value: number) => value.toFixed(0);
  return [
    `# Memory: MB (RSS), ${result.pictures} pictures of 8 megapixels, then ${result.at_once} at once`,
    '',
    `| models loaded | ${result.tenths.map((_, index) => `${index + 1}. tenth`).join(' | ')} | at once | peak |`,
    `|${'---|'.repeat(result.tenths.length + 3)}`,
    `| ${[result.start, ...result.tenths, result.at_once_peak, result.peak].map(mb).join(' | ')} |`,
    '',
  ].join('\n');
}

/** The photo as a phone would send it: 3840 × 2160. */
function eightMegapixels(file: Uint8Array): Promise<Uint8Array> {
  return sharp(file).resize(3840, 2160, { fit: 'cover' }).jpeg({ quality: 90 }).toBuffer();
}

async function describe(vision: LocalVision, file: Uint8Array): Promise<void> {
  await vision.describe(file, { faces: 'all' });
}

function rss(): number {
  return process.memoryUsage.rss() / 2 ** 20;
}
