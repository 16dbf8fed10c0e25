import { loadManifest, type ModelEntry, type PublishedEmbedder } from '../runtime/manifest.ts';
import { decodeModel, type OnnxModel, type OnnxValue } from './onnx/model.ts';

/** What of an entry the file itself doesn't tell. */
interface InferOptions {
  readonly id: string;
  /** The file's name as it is published. */
  readonly file: string;
  readonly sha256: string;
  /** An SPDX expression. */
  readonly licence: string;
}

/**
 * The entry of an ONNX file that the manifest doesn't know, from its graph: an embedder of aligned faces as InsightFace and OpenCV
 * (SFace) publish them, or a YuNet.
 * @throws Error it is neither
 */
export function inferEntry(bytes: Uint8Array, options: InferOptions): Omit<ModelEntry, 'sha256'> {
  const model = decodeModel(bytes);
  const found = yunet(model) ?? embedder(model);
  if (found === undefined) {
    throw new Error(
      `${options.file} is neither an embedder of faces of 112 × 112 pixels nor a YuNet; describe it with a manifest entry of your own.`,
    );
  }
  return {
    ...found,
    id: options.id,
    file: `${options.id}.onnx`,
    origin: { from: 'file', project: 'added by hand', file: options.file, sha256: options.sha256 },
    licence: { spdx: options.licence, training: 'Not stated here.' },
  };
}

/** The entry of an embedder that the manifest knows by its bytes. @throws Error as `inferEntry` */
export function publishedEntry(
  { id, origin, licence }: Omit<PublishedEmbedder, 'sets'>,
  bytes: Uint8Array,
): Omit<ModelEntry, 'sha256'> {
  const { file, sha256 } = origin;
  return { ...inferEntry(bytes, { id, file, sha256, licence: licence.spdx }), origin, licence };
}

type Inferred = Omit<ModelEntry, 'id' | 'file' | 'sha256' | 'origin' | 'licence'>;

/** Outputs as a YuNet of the manifest has them. */
function yunet({ graph }: OnnxModel): Inferred | undefined {
  const known = loadManifest().models.find(({ architecture }) => architecture === 'yunet');
  const names = new Set(graph.output.map(({ name }) => name));
  if (known === undefined || !known.outputs.every(({ source }) => names.has(source))) return undefined;
  const { role, architecture, convert, input, crop, proposes, outputs } = known;
  const description = 'A YuNet that was added: boxes and five points.';
  return { role, architecture, description, convert, input, crop, outputs, ...(proposes && { proposes }) };
}

/** Nodes among which the graph normalises its pixels itself, where it does. */
const firstNodes = 8;

/**
 * One picture of 112 × 112 in, 64 to 1024 numbers out. Those that begin by subtracting and multiplying take pixels as they are
 * (from MXNet, SFace among them), others (pixel − 127.5) / 127.5, RGB both: as InsightFace's own reader decides.
 */
function embedder({ graph }: OnnxModel): Inferred | undefined {
  const constants = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !constants.has(name));
  const [image, output] = [inputs[0], graph.output[0]];
  if (image === undefined || output === undefined || inputs.length > 1 || graph.output.length > 1)
    return undefined;
  const [, channels, height, width] = dimensionsOf(image);
  if (channels !== 3 || height !== 112 || width !== 112) return undefined;
  const dimension = dimensionsOf(output).at(-1);
  if (dimension === undefined || dimension < 64 || dimension > 1024) return undefined;
  const first = new Set(graph.node.slice(0, firstNodes).map((node) => node.op_type));
  const takesPixels = first.has('Sub') && first.has('Mul');
  const [mean, scale] = takesPixels ? [0, 1] : [127.5, 1 / 127.5];
  return {
    role: 'embedder',
    architecture: 'embedding',
    description: `An embedder that was added: ${dimension} numbers of a face.`,
    convert: {
      format: 'onnx',
      pixels: { order: 'rgb', mean: [mean, mean, mean], scale: [scale, scale, scale] },
    },
    input: { name: 'pixels', shape: ['batch', 112, 112, 3] },
    crop: { kind: 'aligned', template: 'arcface' },
    outputs: [
      {
        name: 'embedding',
        source: output.name,
        shape: ['batch', dimension],
        meaning: 'to be brought to unit length (L2)',
      },
    ],
    embedder: { dimension },
  };
}

/** Undefined for a free dimension. */
function dimensionsOf({ type }: OnnxValue): (number | undefined)[] {
  const { dim } = type.tensor_type.shape;
  return dim.map(({ dim_value: size }) => (size === undefined || size === 0n ? undefined : Number(size)));
}
