import type { FrameObservation } from '../tracking/observation.ts';
import { createSampler, samplingIntervals } from '../tracking/sampling.ts';

/** What a synthetic face does at a time (seconds); what is left out is at rest. */
interface Movement {
  readonly yaw?: number;
  readonly pitch?: number;
  readonly mouth?: number;
  readonly mouthWidth?: number;
  readonly eyes?: number;
  readonly centreX?: number;
  readonly size?: number;
}

export interface Scene {
  readonly seconds: number;
  readonly framesPerSecond?: number;
  readonly move?: (seconds: number) => Movement;
  /** Standard deviation of the noise: degrees; the openings get a hundredth of it. */
  readonly noise?: number;
  /** Frames that have no face. */
  readonly lost?: (seconds: number, frame: number) => boolean;
  /** Frames whose landmarks the mesh model doubts, while the detector sees the face: they tell a turn, or nothing. */
  readonly doubted?: (seconds: number) => 'turn' | 'nothing' | undefined;
  readonly live?: number;
  /** Face presence; low where something covers a part. */
  readonly presence?: number;
  readonly faces?: number;
  readonly brightness?: number;
  readonly sharpness?: number;
  /** Whose face it is at a time: people of different numbers have vectors at right angles. */
  readonly person?: (seconds: number) => number;
}

/** Deterministic normal noise (Box–Muller over a small generator). */
function noiseOf(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return (state + 1) / 4294967297;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Observations of one synthetic face, sampled as the tracker samples a video. */
export function observationsOf(scene: Scene, seed = 1): FrameObservation[] {
  const { seconds, framesPerSecond = 10, noise = 0, live = 0.95 } = scene;
  const move: (time: number) => Movement = scene.move ?? (() => ({}));
  const normal = noiseOf(seed);
  const isDue = createSampler();
  let isTracked = false;
  return Array.from({ length: Math.round(seconds * framesPerSecond) }, (_, frame): FrameObservation => {
    const time = frame / framesPerSecond;
    const timeMs = time * 1000;
    const interval = isTracked ? undefined : samplingIntervals.lostFaces;
    const counted = isDue('faces', timeMs, interval) ? { faces: scene.faces ?? 1 } : {};
    const doubted = scene.doubted?.(time);
    isTracked = !scene.lost?.(time, frame) && doubted !== 'nothing';
    if (doubted === 'nothing') return { timeMs, ...counted, byDetector: true };
    if (!isTracked) return { timeMs, ...counted };
    const presence = doubted === undefined ? (scene.presence ?? 1) : 0.1;
    const {
      yaw = 0,
      pitch = 0,
      mouth = 0.01,
      mouthWidth = 0.6,
      eyes = 0.3,
      centreX = 320,
      size = 150,
    } = move(time);
    const vector = new Float32Array(4);
    vector[scene.person?.(time) ?? 0] = 1;
    return {
      timeMs,
      ...counted,
      face: {
        mesh: { points: new Float32Array(0), presence },
        confidence: presence,
        ...(doubted === undefined ? {} : { byDetector: true }),
        sharpness: scene.sharpness ?? 0.02,
        brightness: scene.brightness ?? 120,
        ...(isDue('live', timeMs) ? { live } : {}),
        ...(isDue('vector', timeMs) ? { vector } : {}),
        signals: {
          yaw: yaw + noise * normal(),
          pitch: pitch + noise * normal(),
          roll: 0,
          bearing: Math.atan(((centreX - 320) / 320) * 0.364) * (180 / Math.PI),
          mouth: Math.max(0, mouth + (noise / 100) * normal()),
          mouthWidth,
          eyes: eyes + (noise / 100) * normal(),
          centreX,
          centreY: 240,
          size,
          inside: 1,
        },
      },
    };
  });
}

/** A movement out and back: 0 outside `from..to` seconds, 1 in its middle half. */
export function bump(time: number, from: number, to: number): number {
  const quarter = (to - from) / 4;
  return Math.max(0, Math.min(1, (time - from) / quarter, (to - time) / quarter));
}
