import { expect, it } from 'vitest';
import { escaped, overlaySvg } from './overlay.ts';

const size = { width: 800, height: 600 };
const box = (top_left_x: number, top_left_y: number, width: number, height: number) => ({
  ...{ top_left_x, top_left_y, width, height },
});
const rects = (svg: string) =>
  [
    ...svg.matchAll(/<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)" fill="([^"]+)"/g),
  ].map(([, x, y, width, height, fill]) => ({
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
    fill,
  }));

it('draws lines around faces, and tags beside them, never over one', () => {
  const marks = [box(100, 100, 120, 150), box(240, 90, 120, 150), box(100, 260, 200, 260)];
  const svg = overlaySvg(
    size,
    marks.map((one) => ({ box: one, tag: 'a long name 0.98', isGood: true })),
  );
  const drawn = rects(svg);
  const tags = drawn.filter(({ fill }) => fill !== 'none');
  expect(drawn.length - tags.length).toBe(2 * marks.length);
  expect(tags.length).toBeGreaterThan(0);
  for (const tag of tags)
    for (const { top_left_x: x, top_left_y: y, width, height } of marks) {
      const isApart =
        tag.x >= x + width || x >= tag.x + tag.width || tag.y >= y + height || y >= tag.y + tag.height;
      expect(isApart).toBe(true);
    }
});

it('takes names as text', () => {
  expect(escaped(`<a href="x">&'\u0007`)).toBe('&#60;a href=&#34;x&#34;&#62;&#38;&#39;');
  const mark = { box: box(100, 100, 50, 50), tag: '</svg>', isGood: true };
  expect(overlaySvg(size, [mark]).match(/<\/svg>/g)).toHaveLength(1);
});
