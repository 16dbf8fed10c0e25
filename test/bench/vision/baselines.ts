import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { Frame } from '@openfrs/vision/pipeline';
import type Sharp from 'sharp';

const require = createRequire(import.meta.url);
const sharp = require('sharp') as typeof Sharp;

/** Another recogniser: finds and describes the faces of a decoded picture; answers how many. */
export interface Baseline {
  run(frame: Frame): Promise<number>;
}

/**
 * Decodes for the baselines, which read no files in Node themselves: sharp, straight to pixels and without any of our checks, the fastest that
 * npm has. (human's own examples take node-canvas, whose binary npm does not carry, or TensorFlow's, for another backend.)
 */
export async function decodedBySharp(file: Uint8Array): Promise<Frame> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

interface Tensor {
  dispose(): void;
}
interface Tfjs {
  tensor3d(values: Uint8Array, shape: readonly number[], type: 'int32'): Tensor;
}
interface WasmBackend {
  setWasmPaths(folder: string): void;
  setThreadsCount(count: number): void;
}

const wasmFolder = `${dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`;

/** @vladmandic/human with what our pipeline does: detection, mesh, description (age, gender, embedding). */
export async function human(threads: number): Promise<Baseline> {
  const folder = join(dirname(require.resolve('@vladmandic/human')), '..');
  const { default: Human } = require(`${folder}/dist/human.node-wasm.js`) as {
    default: new (
      config: object,
    ) => {
      tf: Tfjs;
      load(): Promise<void>;
      detect(input: Tensor): Promise<{ face: unknown[] }>;
    };
  };
  const backend = require('@tensorflow/tfjs-backend-wasm') as WasmBackend;
  backend.setThreadsCount(threads);
  const models = await serveModels(join(folder, 'models'));
  const off = { enabled: false };
  const instance = new Human({
    backend: 'wasm',
    wasmPath: wasmFolder,
    modelBasePath: models.url,
    cacheModels: false,
    cacheSensitivity: 0,
    filter: off,
    body: off,
    hand: off,
    object: off,
    segmentation: off,
    gesture: off,
    face: {
      enabled: true,
      detector: { maxDetected: 20, rotation: true },
      mesh: { enabled: true },
      iris: off,
      emotion: off,
      antispoof: off,
      liveness: off,
      description: { enabled: true },
    },
  });
  await instance.load();
  models.close();
  return {
    async run({ width, height, data }) {
      const tensor = instance.tf.tensor3d(data, [height, width, 3], 'int32');
      const { face } = await instance.detect(tensor);
      tensor.dispose();
      return face.length;
    },
  };
}

/** @vladmandic/face-api: SSD MobileNet, 68 landmarks, dlib's descriptor. */
export async function faceApi(threads: number): Promise<Baseline> {
  const folder = dirname(require.resolve('@vladmandic/face-api/package.json'));
  interface Net {
    loadFromDisk(folder: string): Promise<void>;
  }
  const api = require(`${folder}/dist/face-api.node-wasm.js`) as {
    tf: Tfjs & { setBackend(name: string): Promise<boolean>; ready(): Promise<void> };
    nets: Record<'ssdMobilenetv1' | 'faceLandmark68Net' | 'faceRecognitionNet', Net>;
    detectAllFaces(input: Tensor): { withFaceLandmarks(): { withFaceDescriptors(): Promise<unknown[]> } };
  };
  const backend = require('@tensorflow/tfjs-backend-wasm') as WasmBackend;
  backend.setWasmPaths(wasmFolder);
  backend.setThreadsCount(threads);
  await api.tf.setBackend('wasm');
  await api.tf.ready();
  for (const net of ['ssdMobilenetv1', 'faceLandmark68Net', 'faceRecognitionNet'] as const) {
    await api.nets[net].loadFromDisk(join(folder, 'model'));
  }
  return {
    async run({ width, height, data }) {
      const tensor = api.tf.tensor3d(data, [height, width, 3], 'int32');
      const faces = await api.detectAllFaces(tensor).withFaceLandmarks().withFaceDescriptors();
      tensor.dispose();
      return faces.length;
    },
  };
}

/** human reads its models over HTTP only. */
async function serveModels(folder: string): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    createReadStream(join(folder, basename(request.url ?? '')))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
