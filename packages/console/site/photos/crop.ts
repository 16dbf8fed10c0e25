import type { Box } from '../api/responses.ts';
import { sizeToSend } from './size.ts';

const side = 160;
/** Of the box, on each side of it. */
const margin = 0.25;
/** Photos that are decoded at once: each may take 100 MB for a moment. */
const width = 2;

let running = 0;
const waiting: (() => void)[] = [];

async function turn(): Promise<void> {
  if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
}

function done(): void {
  running -= 1;
  waiting.shift()?.();
}

/**
 * Draws the face of a box, or without a box the middle of the photo, into a square canvas of 160 × 160.
 * @param box in pixels of the photo as it was sent: what is larger than the service takes was made smaller for that
 * @throws DOMException the file is no picture that the browser reads
 */
export async function drawFace(canvas: HTMLCanvasElement, file: File, box?: Box): Promise<void> {
  await turn();
  try {
    const bitmap = await createImageBitmap(file);
    const { scale } = sizeToSend(bitmap);
    const whole = Math.min(bitmap.width, bitmap.height);
    const cut = box ? Math.max(box.width, box.height) * (1 + 2 * margin) : whole;
    const edge = Math.min(box ? cut / scale : cut, whole);
    const [x, y] = box
      ? [(box.top_left_x + box.width / 2) / scale, (box.top_left_y + box.height / 2) / scale]
      : [bitmap.width / 2, bitmap.height / 2];
    const left = within(x - edge / 2, bitmap.width - edge);
    const top = within(y - edge / 2, bitmap.height - edge);
    canvas.width = side;
    canvas.height = side;
    canvas.getContext('2d')?.drawImage(bitmap, left, top, edge, edge, 0, 0, side, side);
    bitmap.close();
  } finally {
    done();
  }
}

const within = (value: number, most: number): number => Math.max(0, Math.min(value, most));
