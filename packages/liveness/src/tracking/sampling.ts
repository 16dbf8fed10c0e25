/**
 * Sampling intervals of what costs most, in ms: all faces, anti-spoof models, identity. A face that only the detector saw is looked for in each
 * frame. Faces are counted every 500 ms: so a film of 1 s,
 * the shortest, has two counts, and somebody who shows for half a second is counted.
 */
export const samplingIntervals = {
  angle: 1000,
  faces: 500,
  lostFaces: 200,
  detected: 0,
  live: 400,
  vector: 1000,
} as const;

type Sampled = Exclude<keyof typeof samplingIntervals, 'lostFaces' | 'detected'>;

/** Tells whether a sample is due at a time (ms, ascending); then it counts as taken. `interval`: another than its usual one. */
export function createSampler(): (what: Sampled, now: number, interval?: number) => boolean {
  const last = new Map<Sampled, number>();
  return (what, now, interval = samplingIntervals[what]) => {
    if (now - (last.get(what) ?? Number.NEGATIVE_INFINITY) < interval - 1) return false;
    last.set(what, now);
    return true;
  };
}
