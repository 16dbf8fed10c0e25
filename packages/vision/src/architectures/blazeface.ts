import type { Candidate } from '../detection/nms.ts';
import { type Decoder, outputOf } from './decoder.ts';

/** A map of rows: `each` anchors at the centre of every cell. */
interface Grid {
  readonly stride: number;
  readonly each: number;
  readonly scores: string;
  readonly boxes: string;
}
/** Numbers a row: a box, then six points. */
const rowLength = 16;

/** BlazeFace's short and back camera editions: two anchors a cell at stride 16, six at stride 32. */
export const decodeBlazeface: Decoder<Candidate[]> = decoderOf([
  { stride: 16, each: 2, scores: 'scores_16', boxes: 'boxes_16' },
  { stride: 32, each: 6, scores: 'scores_32', boxes: 'boxes_32' },
]);

/** The full range edition: one anchor a cell of one map. */
export const decodeDenseBlazeface: Decoder<Candidate[]> = decoderOf([
  { stride: 4, each: 1, scores: 'scores_4', boxes: 'boxes_4' },
]);

/** BlazeFace: score = σ(logit), box in pixels from the cell's centre (MediaPipe, tensors_to_detections_calculator). */
function decoderOf(grids: readonly Grid[]): Decoder<Candidate[]> {
  return (outputs, { pixels, threshold }) => {
    const lowest = Math.log(threshold / (1 - threshold));
    const found: Candidate[][] = Array.from({ length: pixels.count }, () => []);
    for (const grid of grids) {
      const logits = outputOf(outputs, grid.scores);
      const boxes = outputOf(outputs, grid.boxes);
      const columns = pixels.width / grid.stride;
      const rows = logits.length / pixels.count;
      for (let row = 0; row < logits.length; row += 1) {
        const logit = logits[row] as number;
        if (logit < lowest) continue;
        const at = row * rowLength;
        const cell = Math.floor((row % rows) / grid.each);
        const centreX = ((cell % columns) + 0.5) * grid.stride + (boxes[at] as number);
        const centreY = (Math.floor(cell / columns) + 0.5) * grid.stride + (boxes[at + 1] as number);
        const width = boxes[at + 2] as number;
        const height = boxes[at + 3] as number;
        const score = 1 / (1 + Math.exp(-logit));
        const box = { x: centreX - width / 2, y: centreY - height / 2, width, height, score };
        found[Math.floor(row / rows)]?.push(box);
      }
    }
    return found;
  };
}
