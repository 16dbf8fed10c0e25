import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { boxOf, facePatch, faceSignals, frameWeight, logitOf } from '@openfrs/liveness/testing';
import type { VideoDecoder } from '@openfrs/video';
import { decodePicture, turned } from '@openfrs/vision/image';
import type { FacePipeline, Frame } from '@openfrs/vision/pipeline';

/** What every anti-spoof model says of the largest face of a photo or a frame. */
export interface Sample {
  readonly file: string;
  /** Milliseconds into a video. */
  readonly timeMs?: number;
  /** By the model's id; empty where there is no face, or one that is too far turned. */
  readonly logits: Readonly<Record<string, number>>;
  /** How much a frame counts in a video's mean. */
  readonly weight: number;
}

/** Frames are looked at as often as a verdict does. */
const intervalMs = 400;
/** Degrees of yaw within which a verdict asks the models. */
const sampledYaw = 32;

const isVideo = (file: string) => /\.(mp4|webm|mov|avi|mkv|flv|wmv)$/i.test(file);

/** Judges photos and videos; what is in the cache (lines of JSON) is not judged again. */
export async function samplesOf(
  files: readonly string[],
  pipeline: FacePipeline,
  decoder: VideoDecoder,
  cache?: string,
): Promise<Sample[]> {
  const known = new Map<string, Sample[]>();
  const text = cache !== undefined && existsSync(cache) ? readFileSync(cache, 'utf8').trim() : '';
  for (const line of text === '' ? [] : text.split('\n')) {
    const samples = JSON.parse(line) as Sample[];
    if (samples[0] !== undefined) known.set(samples[0].file, samples);
  }
  const all: Sample[] = [];
  for (const file of files) {
    const samples = known.get(file) ?? (await judged(file, pipeline, decoder));
    if (!known.has(file) && cache !== undefined) appendFileSync(cache, `${JSON.stringify(samples)}\n`);
    all.push(...samples);
  }
  return all.filter(({ logits }) => Object.keys(logits).length > 0);
}

/** At least one sample, so that the cache knows the file. */
async function judged(file: string, pipeline: FacePipeline, decoder: VideoDecoder): Promise<Sample[]> {
  const bytes = readFileSync(file);
  if (!isVideo(file)) return [{ file, ...(await judge(await decodePicture(bytes), pipeline)) }];
  const samples: Sample[] = [];
  let next = 0;
  const decoded = decoder.decode(bytes, async (frame) => {
    if (frame.timeMs < next) return;
    next = frame.timeMs + intervalMs;
    samples.push({ file, timeMs: Math.round(frame.timeMs), ...(await judge(frame, pipeline)) });
  });
  // Longer videos than a verdict takes are judged to where they end.
  await decoded.catch((error: Error) => console.error(`${file}: ${error.message}`));
  return samples.length > 0 ? samples : [{ file, logits: {}, weight: 0 }];
}

async function judge(frame: Frame, pipeline: FacePipeline): Promise<Pick<Sample, 'logits' | 'weight'>> {
  const [found] = await pipeline.detectFaces(frame);
  if (found === undefined) return { logits: {}, weight: 0 };
  const upright = found.angle === 0 ? frame : await turned(frame, found.angle);
  const [box = found] = found.angle === 0 ? [] : await pipeline.detectFaces(upright, { rotations: false });
  const mesh = await pipeline.faceMesh(upright, box);
  const signals = faceSignals(mesh, upright.width, upright.height);
  if (Math.abs(signals.yaw) >= sampledYaw) return { logits: {}, weight: 0 };
  const { sharpness } = await facePatch(upright, signals);
  const logits: Record<string, number> = {};
  for (const model of pipeline.registry.all('anti-spoof')) {
    logits[model.id] =
      Math.round(1e4 * (await logitOf(pipeline.sessions, model, upright, boxOf(mesh)))) / 1e4;
  }
  return { logits, weight: frameWeight(signals.yaw, sharpness) };
}
