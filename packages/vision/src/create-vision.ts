import type { AttributeCode, BoundingBox, DetectedFace, Vision } from '@openfrs/core';
import { timed } from '@openfrs/core/observation';
import { createAttributeReader } from './attributes/attribute-reader.ts';
import { facePictures } from './crops/face-pictures.ts';
import { embeddingsOf } from './embedding/embeddings.ts';
import type { FaceBox, Frame } from './geometry/frame.ts';
import { decodePicture } from './image/decode.ts';
import { pictureLimits, readHeader } from './image/header.ts';
import { createFacePipeline, type FacePipeline, type PipelineOptions } from './pipelines/face-pipeline.ts';
import { createWeightedSemaphore } from './runtime/weighted-semaphore.ts';

export interface VisionOptions extends PipelineOptions {
  /** Pixels that may be decoded at a time, of all pictures together; the rest wait. Default: one largest picture. */
  readonly pixelsAtOnce?: number;
}

/** Core's port over onnxruntime and sharp. */
export interface LocalVision extends Vision {
  readonly pipeline: FacePipeline;
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
  const pipeline = await createFacePipeline(options);
  const embeddings = embeddingsOf(pipeline.embedder);
  const [model] = embeddings;
  const gate = createWeightedSemaphore(
    options.pixelsAtOnce ?? pictureLimits.longSide * pictureLimits.shortSide,
  );
  const inTurn = async <T>(
    image: Uint8Array,
    signal: AbortSignal | undefined,
    look: (frame: Frame, pipeline: FacePipeline) => Promise<T>,
  ): Promise<T> => {
    const { width, height } = readHeader(image);
    const job = async () => {
      const frame = await timed('decode', () => decodePicture(image, signal));
      return await look(frame, pipeline.withSignal(signal));
    };
    return gate(Math.max(width * height, leastWeight), job, signal);
  };
  return {
    pipeline,
    model,
    modelOf: (id) => embeddings.find((embedding) => embedding.id === id),
    detect: (image, { attributes = [] } = {}, signal) =>
      inTurn(image, signal, async (frame, pipeline) => {
        const boxes = await pipeline.detectFaces(frame);
        if (attributes.length === 0) return boxes.map((box) => ({ box: wholePixels(box, frame) }));
        return withAttributes(pipeline, frame, boxes, attributes);
      }),
    describe: (image, { faces, model: id = model.id, crops = false }, signal) =>
      inTurn(image, signal, async (frame, pipeline) => {
        const found = await pipeline.detectFaces(frame);
        const boxes = faces === 'largest' ? found.slice(0, 1) : found;
        const meshes = await pipeline.faceMeshes(frame, boxes);
        const { form } = embeddings.find((embedding) => embedding.id === id) ?? model;
        const vectors = await pipeline.embed(frame, meshes, true);
        const pictures = crops ? await facePictures(frame, meshes) : [];
        return Promise.all(
          boxes.map(async (box, index) => ({
            box: wholePixels(box, frame),
            vector: form.kept(vectors[index] as Float32Array),
            recognisability: model.form.recognisability(vectors[index] as Float32Array),
            quality: await pipeline.quality(frame, meshes[index] as (typeof meshes)[number]),
            ...(pictures[index] && { crop: pictures[index] }),
          })),
        );
      }),
    async warm() {
      const roles = ['detector', 'mesh', 'embedder'] as const;
      // The form's basis is made with its first vector.
      model.form.kept(new Float32Array(model.dimension));
      await pipeline.sessions.warm(roles.flatMap((role) => pipeline.registry.all(role).map(({ id }) => id)));
    },
    close: () => pipeline.close(),
  };
}

async function withAttributes(
  pipeline: FacePipeline,
  frame: Frame,
  boxes: readonly FaceBox[],
  codes: readonly AttributeCode[],
): Promise<DetectedFace[]> {
  const readAttributes = createAttributeReader(pipeline);
  const meshes = await pipeline.faceMeshes(frame, boxes);
  const found: DetectedFace[] = [];
  for (const [index, box] of boxes.entries()) {
    const mesh = meshes[index] as (typeof meshes)[number];
    found.push({
      box: wholePixels(box, frame),
      attributes: await timed('attributes', () => readAttributes(frame, mesh, codes)),
    });
  }
  return found;
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
