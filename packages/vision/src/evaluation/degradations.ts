import type { FaceBox, FaceMesh, Frame } from '../geometry/frame.ts';
import { contours } from '../geometry/topology.ts';
import { sharp } from '../image/native-sharp.ts';

/** A face in a picture: what a degradation is scaled by, and where it is drawn. */
export interface DegradedFace {
  readonly box: FaceBox;
  readonly mesh: FaceMesh;
}

/** Makes a good picture of a face a poor one. `random` is uniform in [0, 1): kinds of degradation vary by it. */
export type Degradation = (frame: Frame, face: DegradedFace, random: () => number) => Promise<Frame>;

/**
 * Poor photos as access control has them, by the names of the accuracy report. Widths are of the face's box, so that
 * large and small pictures lose as much of a face.
 */
export const degradations = {
  'blur 1/18': (frame, { box }) => blurred(frame, box.width / 18),
  'dark with noise': (frame, _face, random) => darkened(frame, 0.12, 6, random),
  'motion 1/4': (frame, { box }, random) => moved(frame, box.width / 4, Math.PI * random()),
  'motion 1/4, 0°': (frame, { box }) => moved(frame, box.width / 4, 0),
  'motion 1/4, 45°': (frame, { box }) => moved(frame, box.width / 4, Math.PI / 4),
  'motion 1/4, 90°': (frame, { box }) => moved(frame, box.width / 4, Math.PI / 2),
  'motion 1/4, 135°': (frame, { box }) => moved(frame, box.width / 4, (3 * Math.PI) / 4),
  'surgical mask': (frame, { mesh }, random) => masked(frame, mesh, random),
  'covered eyes': (frame, { mesh }, random) => withDarkGlasses(frame, mesh, random),
} as const satisfies Record<string, Degradation>;

export type DegradationName = keyof typeof degradations;

/**
 * What a direction each is fitted on. Blur along a line looks another way at each angle: the mean of random ones left 2 % of strangers
 * above .93 at 0° and 5 % at 90°, where each alone leaves .2 % at most.
 */
export const fittedDegradations = (Object.keys(degradations) as DegradationName[]).filter(
  (name) => name !== 'motion 1/4',
);

/** Uniform numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function seededRandom(seed: string): () => number {
  let state = 2166136261;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

const raw = ({ width, height }: Frame) => ({ raw: { width, height, channels: 3 as const } });

/** Gaussian blur, sigma in pixels. */
async function blurred(frame: Frame, sigma: number): Promise<Frame> {
  const data = await sharp(frame.data, raw(frame)).blur(Math.max(0.3, sigma)).raw().toBuffer();
  return { ...frame, data };
}

/** A share of the light, and Gaussian noise of this standard deviation in levels of 255. */
async function darkened(frame: Frame, light: number, noise: number, random: () => number): Promise<Frame> {
  const data = Uint8Array.from(frame.data, (value) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.min(255, Math.max(0, Math.round(value * light + noise * normal)));
  });
  return { ...frame, data };
}

/** The mean along a line of this length in pixels, at this angle in radians: a camera or a head that moves. */
async function moved(frame: Frame, length: number, angle: number): Promise<Frame> {
  const { width, height, data } = frame;
  const steps = Math.max(1, Math.round(length));
  const sums = new Float32Array(data.length);
  for (let step = 0; step < steps; step += 1) {
    const along = (step + 0.5) * (length / steps) - length / 2;
    const dx = Math.round(along * Math.cos(angle));
    const dy = Math.round(along * Math.sin(angle));
    for (let y = 0; y < height; y += 1) {
      const from = Math.min(height - 1, Math.max(0, y + dy)) * width;
      for (let x = 0; x < width; x += 1) {
        const source = 3 * (from + Math.min(width - 1, Math.max(0, x + dx)));
        const target = 3 * (y * width + x);
        for (let c = 0; c < 3; c += 1)
          sums[target + c] = (sums[target + c] as number) + (data[source + c] as number);
      }
    }
  }
  return { width, height, data: Uint8Array.from(sums, (sum) => Math.round(sum / steps)) };
}

const maskColours = ['#9cc7dd', '#e8eef0', '#24262a', '#7fb2a6'] as const;

/** A mask over nose, mouth and chin, in one of a few colours, its upper edge higher or lower on the nose. */
async function masked(frame: Frame, mesh: FaceMesh, random: () => number): Promise<Frame> {
  const colour = maskColours[Math.floor(random() * maskColours.length)] as string;
  const nose = [6, 197, 195][Math.floor(random() * 3)] as number;
  const [outline] = contours.face;
  const jaw = outline.slice(outline.indexOf(454), outline.indexOf(234) + 1);
  const places = [nose, 280, ...jaw, 50].map((index) => placeOf(mesh, index));
  const pleats = [
    [123, 2, 352],
    [187, 14, 411],
    [210, 17, 430],
  ].map((line) => line.map((index) => placeOf(mesh, index)).join(' '));
  const thickness = widthOf(mesh) / 60;
  return drawn(
    frame,
    `<polygon points="${places.join(' ')}" fill="${colour}" stroke="${colour}" stroke-width="${3 * thickness}" stroke-linejoin="round"/>
    ${pleats.map((points) => `<polyline points="${points}" fill="none" stroke="#000" stroke-opacity=".18" stroke-width="${thickness}"/>`).join('')}`,
  );
}

/** Dark glasses, or a bar, over both eyes. */
async function withDarkGlasses(frame: Frame, mesh: FaceMesh, random: () => number): Promise<Frame> {
  const shade = ['#0b0b0d', '#1c1512', '#33343a'][Math.floor(random() * 3)] as string;
  const size = 0.8 + 0.4 * random();
  const isBar = random() < 0.3;
  const across = widthOf(mesh);
  const middle = (a: number, b: number): readonly [number, number] => {
    const [ax, ay] = pointAt(mesh, a);
    const [bx, by] = pointAt(mesh, b);
    return [(ax + bx) / 2, (ay + by) / 2];
  };
  const right = middle(33, 133);
  const left = middle(263, 362);
  const tilt = (Math.atan2(left[1] - right[1], left[0] - right[0]) * 180) / Math.PI;
  const lens = ([x, y]: readonly [number, number]) =>
    `<ellipse cx="${x}" cy="${y}" rx="${0.19 * across * size}" ry="${0.15 * across * size}" transform="rotate(${tilt} ${x} ${y})" fill="${shade}"/>`;
  const bar = (thickness: number) =>
    `<line x1="${right[0]}" y1="${right[1]}" x2="${left[0]}" y2="${left[1]}" stroke="${shade}" stroke-width="${thickness}" stroke-linecap="round"/>`;
  return drawn(frame, isBar ? bar(0.26 * across * size) : lens(right) + lens(left) + bar(0.03 * across));
}

async function drawn(frame: Frame, shapes: string): Promise<Frame> {
  const { width, height } = frame;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes}</svg>`;
  const data = await sharp(frame.data, raw(frame))
    .composite([{ input: Buffer.from(svg) }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return { width, height, data };
}

function pointAt({ points }: FaceMesh, index: number): readonly [number, number] {
  return [points[3 * index] as number, points[3 * index + 1] as number];
}

function placeOf(mesh: FaceMesh, index: number): string {
  return pointAt(mesh, index)
    .map((value) => value.toFixed(1))
    .join(',');
}

/** From cheek to cheek. */
function widthOf(mesh: FaceMesh): number {
  const [ax, ay] = pointAt(mesh, 234);
  const [bx, by] = pointAt(mesh, 454);
  return Math.hypot(ax - bx, ay - by);
}
