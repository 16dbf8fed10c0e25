import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type FrameObservation, observe } from '@openfrs/liveness/testing';
import type { VideoDecoder } from '@openfrs/video';
import type { FacePipeline } from '@openfrs/vision/pipeline';
import { createCache } from './presentation-cache.ts';
import { attackPresentations, bonaFide, type Presentation } from './presentations.ts';
import type { Segment } from './segments.ts';

/** What was seen of a presentation that was recorded, decoded and followed. */
export interface Tracked {
  readonly observations: readonly FrameObservation[];
  readonly durationMs: number;
}

export interface SpeciesOptions {
  /** Folder in which files and observations are kept. */
  readonly cache?: string | undefined;
  /** More segments than the shared ones: a JSON file. */
  readonly segments?: string | undefined;
  /** Only groups whose names match it, a regular expression. */
  readonly only?: string | undefined;
  /** Only what the cache holds already. */
  readonly kept?: boolean | undefined;
}

const shuffled = ({ id }: Presentation) => createHash('sha256').update(id).digest().readUInt32LE();

/** People who act and people who idle, and attacks. */
export const allPresentations = (pipeline: FacePipeline, extra: readonly Segment[]): Presentation[] => [
  ...bonaFide(pipeline, extra),
  ...attackPresentations(pipeline, extra),
];

/** A presentation, and how to follow it. */
interface Followed {
  readonly presentation: Presentation;
  track(): Promise<Tracked>;
}

/** In no order, so that a run that is cut short has seen some of everything. */
export function* followed(
  pipeline: FacePipeline,
  decoder: VideoDecoder,
  options: SpeciesOptions,
  made: (pipeline: FacePipeline, extra: readonly Segment[]) => readonly Presentation[],
): Generator<Followed> {
  const cache = createCache(options.cache);
  const extra: Segment[] =
    options.segments === undefined ? [] : JSON.parse(readFileSync(options.segments, 'utf8'));
  const wanted = ({ group, id }: Presentation) =>
    (options.only === undefined || new RegExp(options.only).test(group)) &&
    (!options.kept || cache.has('observations', id));
  const presentations = made(pipeline, extra)
    .filter(wanted)
    .sort((a, b) => shuffled(a) - shuffled(b));
  for (const presentation of presentations) {
    const { id } = presentation;
    const track = () =>
      cache.value('observations', id, async () => {
        const file = await cache.bytes('files', id, () => presentation.file());
        return observe(pipeline, decoder, file);
      });
    yield { presentation, track };
  }
}
