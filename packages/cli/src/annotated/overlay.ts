import { placeTags, type Rect, tagSize } from '@openfrs/contract/place-tags';
import type { Box } from '../terminal/box-text.ts';

/** A face on a photo, and what is said of it. */
export interface Mark {
  readonly box: Box;
  readonly tag: string;
  /** What was looked for: green, else amber. */
  readonly isGood: boolean;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Of the picture's longer side: what is still read when it is shown in a window. */
const textShare = 1 / 50;
const leastText = 11;
const colours = { good: '#35e08a', other: '#ffb020' } as const;

/** An SVG drawing of the picture's size, in which every line and tag lies outside of every face. */
export function overlaySvg(size: Size, marks: readonly Mark[]): string {
  const fontSize = Math.max(leastText, Math.max(size.width, size.height) * textShare);
  const line = fontSize / 6;
  const faces = marks.map(({ box }) => rectOf(box));
  const sizes = marks.map(({ tag }) => tagSize(tag, fontSize));
  const places = placeTags(size, faces, sizes, 2 * line);
  const drawn = marks.map(({ tag, isGood }, index) => {
    const colour = isGood ? colours.good : colours.other;
    return `${outline(faces[index] as Rect, line, colour)}${tagAt(places[index], tag, fontSize, colour)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}">${drawn.join('')}</svg>`;
}

/** Its inner edge is the box. */
function outline({ x, y, width, height }: Rect, line: number, colour: string): string {
  const rect = (wide: number, stroke: string) =>
    `<rect x="${round(x - wide / 2)}" y="${round(y - wide / 2)}" width="${round(width + wide)}" height="${round(height + wide)}" fill="none" stroke="${stroke}" stroke-width="${round(wide)}"/>`;
  return `${rect(1.6 * line, '#000000')}${rect(line, colour)}`;
}

function tagAt(place: Rect | undefined, text: string, fontSize: number, colour: string): string {
  if (place === undefined) return '';
  const { x, y, width, height } = place;
  return (
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="#10301f" stroke="${colour}"/>` +
    `<text x="${round(x + width / 2)}" y="${round(y + height * 0.7)}" font-size="${round(fontSize)}" font-family="sans-serif" fill="#ffffff" text-anchor="middle">${escaped(text)}</text>`
  );
}

const rectOf = ({ top_left_x: x, top_left_y: y, width, height }: Box): Rect => ({ x, y, width, height });

const round = (value: number) => Math.round(value * 10) / 10;

/** Text in XML and HTML: names come from users. Control characters are in no XML. */
export const escaped = (text: string): string =>
  text.replace(/\p{Cc}/gu, '').replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
