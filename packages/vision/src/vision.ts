import type { AttributeCode, BoundingBox, DetectedFace, EmbeddingModel, Vision } from '@openfrs/core';
import { createAttributeReader } from './attributes/attributes.ts';
import { curveMarks, similarityCurve } from './calibrate/similarity.ts';
import { createEngine, type EngineOptions, type FaceEngine } from './engine.ts';
import type { FaceBox, Frame } from './frame.ts';
import { createGate } from './gate.ts';
import { decodePicture } from './picture/decode.ts';
import { pictureLimits, readHeader } from './picture/header.ts';

export interface VisionOptions extends EngineOptions {
  /** Pixels that may be decoded at a time, of all pictures together; the rest wait. Default: one largest picture. */
  readonly pixelsAtOnce?: number;
}

/** Core's port over onnxruntime and sharp. */
export interface LocalVision extends Vision {
  readonly engine: FaceEngine;
  /** Loads the models that every request needs, so that the first one doesn't wait. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** Pixels that a small picture counts as: a handful at a time is enough to keep the cores busy. */
const leastWeight = 2_000_000;

/**
 * Pictures to faces with the models in use.
 * @throws Error one clear sentence where a model is missing or damaged
 */
export async function createVision(options: VisionOptions = {}): Promise<LocalVision> {
  const engine = await createEngine(options);
  const model = embeddingModel(engine);
  const gate = createGate(options.pixelsAtOnce ?? pictureLimits.longSide * pictureLimits.shortSide);
  const inTurn = async <T>(
    image: Uint8Array,
    signal: AbortSignal | undefined,
    look: (frame: Frame, engine: FaceEngine) => Promise<T>,
  ): Promise<T> => {
    const { width, height } = readHeader(image);
    const job = async () => look(await decodePicture(image, signal), engine.withSignal(signal));
    return gate(Math.max(width * height, leastWeight), job, signal);
  };
  return {
    engine,
    model,
    detect: (image, { attributes = [] } = {}, signal) =>
      inTurn(image, signal, async (frame, engine) => {
        const boxes = await engine.detectFaces(frame);
        if (attributes.length === 0) return boxes.map((box) => ({ box: wholePixels(box, frame) }));
        return withAttributes(engine, frame, boxes, attributes);
      }),
    describe: (image, { faces, purpose }, signal) =>
      inTurn(image, signal, async (frame, engine) => {
        const found = await engine.detectFaces(frame);
        const boxes = faces === 'largest' ? found.slice(0, 1) : found;
        const meshes = await engine.faceMeshes(frame, boxes);
        const vectors = await engine.embed(frame, meshes, purpose === 'enrol');
        return Promise.all(
          boxes.map(async (box, index) => ({
            box: wholePixels(box, frame),
            vector: vectors[index] as Float32Array,
            quality: await engine.quality(frame, meshes[index] as (typeof meshes)[number]),
          })),
        );
      }),
    async warm() {
      const roles = ['detector', 'mesh', 'embedder'] as const;
      await engine.sessions.warm(roles.flatMap((role) => engine.models(role).map(({ id }) => id)));
    },
    close: () => engine.close(),
  };
}

async function withAttributes(
  engine: FaceEngine,
  frame: Frame,
  boxes: readonly FaceBox[],
  codes: readonly AttributeCode[],
): Promise<DetectedFace[]> {
  const readAttributes = createAttributeReader(engine);
  const meshes = await engine.faceMeshes(frame, boxes);
  const found: DetectedFace[] = [];
  for (const [index, box] of boxes.entries()) {
    const mesh = meshes[index] as (typeof meshes)[number];
    found.push({
      box: wholePixels(box, frame),
      attributes: await readAttributes(frame, mesh, codes),
    });
  }
  return found;
}

function embeddingModel({ embedder }: FaceEngine): EmbeddingModel {
  const { id } = embedder;
  const { dimension } = embedder.embedder ?? {};
  const marks = curveMarks(embedder);
  if (dimension === undefined || marks === undefined)
    throw new Error(`Model ${id} has no calibration; \`openfrs models eval ${id} --write\` measures one.`);
  return { id, dimension, ...similarityCurve(marks) };
}

/** The box in whole pixels inside the picture, never empty. */
function wholePixels(box: FaceBox, frame: Frame): BoundingBox {
  const clamp = (value: number, largest: number) => Math.min(Math.max(Math.round(value), 0), largest);
  const left = clamp(box.x, frame.width - 1);
  const top = clamp(box.y, frame.height - 1);
  const right = Math.max(left + 1, clamp(box.x + box.width, frame.width));
  const bottom = Math.max(top + 1, clamp(box.y + box.height, frame.height));
  return { topLeftX: left, topLeftY: top, width: right - left, height: bottom - top };
}
