/* What clients draw on a photo: a tag beside each face of a response. The console and the command line place them alike. */

/** A rectangle in pixels of the picture. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Places a tag beside each face so that it covers no face and no other tag, and lies within the picture.
 * @param faces their boxes
 * @param tags the size of each face's tag
 * @param gap between a box and its tag
 * @returns one place a face, in their order; undefined where there is no room: the list beside the picture names the face
 */
export function placeTags(
  picture: { readonly width: number; readonly height: number },
  faces: readonly Rect[],
  tags: readonly { readonly width: number; readonly height: number }[],
  gap: number,
): readonly (Rect | undefined)[] {
  const placed: Rect[] = [];
  return faces.map((face, index) => {
    const tag = tags[index];
    if (!tag) return undefined;
    const [right, bottom] = [face.x + face.width, face.y + face.height];
    const [above, below] = [face.y - gap - tag.height, bottom + gap];
    const places = [
      [face.x, above],
      [right - tag.width, above],
      [face.x, below],
      [right - tag.width, below],
      [right + gap, face.y],
      [face.x - gap - tag.width, face.y],
      [right + gap, bottom - tag.height],
      [face.x - gap - tag.width, bottom - tag.height],
    ];
    const found = places
      .map(([x = 0, y = 0]): Rect => ({ x, y, ...tag }))
      .find(
        (place) => isWithin(place, picture) && ![...faces, ...placed].some((other) => overlaps(place, other)),
      );
    if (found) placed.push(found);
    return found;
  });
}

/** Whether two boxes share an area; boxes that only touch do not. */
export const overlaps = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const isWithin = (place: Rect, { width, height }: { width: number; height: number }): boolean =>
  place.x >= 0 && place.y >= 0 && place.x + place.width <= width && place.y + place.height <= height;

/** Of a line of text and a little space around it. @param fontSize in any unit, which the answer is in too */
export function tagSize(text: string, fontSize: number): { readonly width: number; readonly height: number } {
  // Roughly: letters of Chinese and their like are as wide as they are high.
  const width = [...text].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 1 : 0.62), 0);
  return { width: (width + 0.57) * fontSize, height: 1.4 * fontSize };
}
