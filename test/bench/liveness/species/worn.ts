import { grown } from '@openfrs/liveness/testing';
import { contours, type Frame } from '@openfrs/vision/pipeline';
import type { Points } from './landmark-warp.ts';
import type { Living } from './living-parts.ts';
import { blended, maskOf, retouched, ringOf } from './pictures.ts';

/** The lower face as a surgical mask covers it: along the jaw, up to the cheekbones and over the nose's ridge. */
const covered = [
  ...[93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323],
  ...[352, 280, 195, 50, 123],
];
const cloth = [168, 198, 214] as const;

/** A person in a surgical mask, drawn: cloth with pleats, lit from above. */
export function inSurgicalMask(living: readonly Living[]): Frame[] {
  return living.map(({ frame, points }) => {
    const ring = grown(ringOf(points, covered), 1.03);
    const mask = maskOf(ring, frame.width, frame.height, 1);
    const [top, bottom] = [Math.min(...ring.map(([, y]) => y)), Math.max(...ring.map(([, y]) => y))];
    const drawn = retouched(frame, (_old, _x, y, channel) => {
      const down = (y - top) / Math.max(1, bottom - top);
      const pleat = Math.abs(((down * 4) % 1) - 0.5) < 0.06 ? 0.88 : 1;
      return (cloth[channel] ?? 0) * (1.02 - 0.25 * down) * pleat;
    });
    return blended(frame, drawn, (at) => mask[at] as number);
  });
}

const rim = { outer: 2.1, inner: 1.85 } as const;

/** A person with dark-rimmed glasses whose lenses reflect a little of a window that stands still. */
export function withGlasses(living: readonly Living[]): Frame[] {
  return living.map(({ frame, points }) => {
    const { width, height } = frame;
    const parts = contours.eyes.map((eye) => {
      const lens = rounded(ringOf(points, eye));
      return {
        rim: maskOf(grown(lens, rim.outer), width, height, 1),
        lens: maskOf(grown(lens, rim.inner), width, height, 1),
      };
    });
    const bridge = maskOf(bridgeOf(points), width, height, 1);
    const dark = retouched(frame, () => 28);
    const reflecting = retouched(frame, (old, x, y) =>
      (x + y) % (width / 5) < width / 25 ? old * 0.82 + 45 : old,
    );
    const lenses = blended(frame, reflecting, (at) =>
      Math.max(...parts.map(({ lens }) => lens[at] as number)),
    );
    return blended(lenses, dark, (at) =>
      Math.max(
        bridge[at] as number,
        ...parts.map((part) => (part.rim[at] as number) * (1 - (part.lens[at] as number))),
      ),
    );
  });
}

/** An eye's ring, as high as a lens: eyes are flat. */
function rounded(eye: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const [x0, y0] = [0, 1].map(
    (axis) => eye.reduce((sum, point) => sum + (point[axis] as number), 0) / eye.length,
  ) as [number, number];
  const radius = Math.max(...eye.map(([x]) => Math.abs(x - x0)));
  return Array.from({ length: 24 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 24;
    return [x0 + radius * Math.cos(angle), y0 + 0.75 * radius * Math.sin(angle)];
  });
}

function bridgeOf(points: Points): readonly (readonly [number, number])[] {
  const at = (i: number): readonly [number, number] => [points[3 * i] as number, points[3 * i + 1] as number];
  const [[ax, ay], [bx, by]] = [at(133), at(362)];
  const thick = Math.max(1.5, Math.hypot(bx - ax, by - ay) / 12);
  return [
    [ax, ay - thick],
    [bx, by - thick],
    [bx, by + thick],
    [ax, ay + thick],
  ];
}
