import type { ModelEntry } from '../../runtime/manifest.ts';
import { decodeModel, encodeModel, type OnnxModel } from '../onnx/model.ts';
import { convertTfjs } from '../tfjs/convert.ts';
import { convertTflite } from '../tflite/convert.ts';
import { buildDlibResNet } from './dlib-resnet.ts';
import { foldEmbedding } from './fold-embedding.ts';
import { fusePixels } from './fuse-pixels.ts';
import { globalMaxPool } from './global-max-pool.ts';
import { mergeClips } from './merge-clips.ts';
import { flushDenormals, freeBatch, liftConstants, nameOutputs, prune } from './optimize-graph.ts';
import { padChannelsByConvolution } from './pad-channels.ts';
import { prependNormalization } from './prepend-normalization.ts';
import { splitPRelu } from './split-prelu.ts';

/**
 * Turns a model's original files (in the order of its origin) into the ONNX bytes that the manifest's sha256
 * names. Pure: the same files and entry give the same bytes on every machine.
 */
export function buildModel(entry: ModelEntry, files: readonly Uint8Array[]): Uint8Array {
  const model = read(entry, files);
  liftConstants(model);
  freeBatch(model);
  flushDenormals(model);
  if (entry.convert.foldEmbedding) foldEmbedding(model, entry.convert.foldEmbedding);
  mergeClips(model);
  padChannelsByConvolution(model);
  splitPRelu(model);
  const size = entry.input.shape.slice(1, 3);
  const multiple = entry.crop.kind === 'whole' ? entry.crop.multiple : 1;
  if (entry.convert.fusePixels) fusePixels(model, entry.convert.pixels, size, multiple);
  else prependNormalization(model, entry.convert.pixels, size);
  nameOutputs(model, outputsOf(model, entry));
  prune(model);
  return encodeModel(model);
}

function outputsOf(model: OnnxModel, { convert, outputs }: ModelEntry): ModelEntry['outputs'] {
  if (!convert.strongest) return outputs;
  const sources = globalMaxPool(
    model,
    outputs.map(({ source }) => source),
  );
  return outputs.map((output, index) => ({ ...output, source: sources[index] as string }));
}

function read(entry: ModelEntry, files: readonly Uint8Array[]): OnnxModel {
  const [first, second] = files;
  if (!first) throw new Error(`${entry.id}: no file to convert`);
  if (entry.convert.format === 'onnx') return decodeModel(first);
  const sources = entry.outputs.map((o) => o.source);
  if (entry.convert.format === 'tflite') return convertTflite(entry.id, first, sources);
  if (!second) throw new Error(`${entry.id}: a topology and a weights file are needed`);
  if (entry.convert.format === 'dlib') return buildDlibResNet(first, second);
  return convertTfjs(entry.id, first, second, sources);
}
