import type { FaceQuality } from '@openfrs/core';
import { timed } from '@openfrs/core/observation';
import type { ModelOf } from '@openfrs/models';
import { createObjectReader } from '../detection/object-scores.ts';
import { uprightFaces } from '../detection/upright-faces.ts';
import type { FaceAngle, FaceBox, FaceMesh, Frame, Rect } from '../geometry/frame.ts';
import { detectMeshes, facePresence, type MeshOptions, trackMesh } from '../landmarks/face-mesh.ts';
import { boundsRect } from '../landmarks/mesh-bounds.ts';
import { abortable } from '../runtime/abortable-sessions.ts';
import { type ModelRegistry, openRegistry } from '../runtime/model-registry.ts';
import { createSessions } from '../runtime/onnx-sessions.ts';
import type { Sessions } from '../runtime/sessions.ts';
import { assessQuality } from './assess-quality.ts';
import { chooseDetectors, createFaceDetector, type DetectOptions } from './detect-faces.ts';
import { embedFaces } from './embed-faces.ts';

export interface PipelineOptions {
  /** Folder of the ONNX files; default: @openfrs/models' own. */
  readonly modelsDir?: string;
  /** Threads within one model run; default: onnxruntime's choice. */
  readonly threads?: number;
  /** Smallest face that is found: the longer side of its box in pixels; default 40. */
  readonly minFacePx?: number;
  /** An embedder to try in place of the one in use, by its id. */
  readonly embedder?: string;
}

/**
 * Frames to faces: the steps of the pipeline, for pictures already decoded (video frames). One pipeline holds
 * one session a model; share it between `createVision` and liveness.
 */
export interface FacePipeline {
  readonly sessions: Sessions;
  /** The models in use. */
  readonly registry: ModelRegistry;
  /** The embedder in use. */
  readonly embedder: ModelOf<'embedder'>;
  /** Faces, largest first. */
  detectFaces(frame: Frame, options?: DetectOptions): Promise<FaceBox[]>;
  /** Dense landmarks, one mesh a box, of faces at any roll. */
  faceMeshes(frame: Frame, boxes: readonly (Rect & { readonly angle?: FaceAngle })[]): Promise<FaceMesh[]>;
  /** Dense landmarks of one face. */
  faceMesh(
    frame: Frame,
    box: Rect & { readonly angle?: FaceAngle },
    options?: Pick<MeshOptions, 'quick'>,
  ): Promise<FaceMesh>;
  /** As `faceMesh`, but one pass, started from the previous frame's landmarks (video). */
  trackMesh(frame: Frame, previous: FaceMesh): Promise<FaceMesh>;
  /** Unit vectors, one a mesh; `mirrored` averages with the mirrored face. */
  embed(frame: Frame, meshes: readonly FaceMesh[], mirrored: boolean): Promise<Float32Array[]>;
  /** Blur, pose, occlusion, illumination, total. */
  quality(frame: Frame, mesh: FaceMesh): Promise<FaceQuality>;
  /** The same pipeline for one request: every step rejects with the signal's reason once it aborts. */
  withSignal(signal: AbortSignal | undefined): FacePipeline;
  close(): Promise<void>;
}

/** Opens the models in use. Throws one clear sentence where a model is missing; where one is damaged, what first runs it does. */
export async function createFacePipeline(options: PipelineOptions = {}): Promise<FacePipeline> {
  const { modelsDir, embedder: chosen } = options;
  const registry = await openRegistry({
    ...(modelsDir !== undefined && { dir: modelsDir }),
    ...(chosen !== undefined && { embedder: chosen }),
  });
  return pipelineOver(createSessions(registry.files, options), registry, options.minFacePx ?? 40);
}

function pipelineOver(sessions: Sessions, registry: ModelRegistry, minFacePx: number): FacePipeline {
  const mesh = registry.first('mesh');
  const embedder = registry.first('embedder');
  const [objects] = registry.all('objects');
  const detectFaces = createFaceDetector(
    registry.all('detector'),
    sessions,
    {
      presence: (frame, faces) => facePresence(sessions, mesh, frame, faces),
      landmarkBounds: async (frame, faces) =>
        (await detectMeshes(sessions, mesh, frame, faces, { quick: true })).map(boundsRect),
    },
    minFacePx,
    createObjectReader(objects, sessions),
  );
  const { second } = chooseDetectors(registry.all('detector'), sessions).verifiers;
  const checked = (frame: Frame): MeshOptions => ({
    view: (squares) => uprightFaces(frame, squares, second),
  });
  const pipeline: FacePipeline = {
    sessions,
    embedder,
    registry,
    detectFaces: (frame, options) => timed('detect', () => detectFaces(frame, options)),
    faceMeshes: (frame, boxes) =>
      timed('mesh', () => detectMeshes(sessions, mesh, frame, boxes, checked(frame))),
    async faceMesh(frame, box, options) {
      const [found] = await timed('mesh', () =>
        detectMeshes(sessions, mesh, frame, [box], { ...checked(frame), ...options }),
      );
      return found as FaceMesh;
    },
    trackMesh: (frame, previous) => timed('mesh', () => trackMesh(sessions, mesh, frame, previous)),
    embed: (frame, faces, mirrored) =>
      timed('embed', () => embedFaces(sessions, embedder, frame, faces, mirrored)),
    quality: (frame, face) => timed('quality', () => assessQuality(frame, face)),
    withSignal: (signal) =>
      signal === undefined ? pipeline : pipelineOver(abortable(sessions, signal), registry, minFacePx),
    close: () => sessions.close(),
  };
  return pipeline;
}
