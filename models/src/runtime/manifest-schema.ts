import * as z from 'zod';

/** How each architecture's outputs are named; the first of a classifier's is read, whatever its name. */
const architectureOutputs = {
  yunet: ['cls_8', 'cls_16', 'cls_32', 'obj_8', 'obj_16', 'obj_32', 'bbox_8', 'bbox_16', 'bbox_32'],
  blazeface: ['scores_16', 'boxes_16', 'scores_32', 'boxes_32'],
  'blazeface-dense': ['scores_4', 'boxes_4'],
  'ultra-light': ['scores', 'boxes'],
  facemesh: ['mesh', 'flag'],
  embedding: ['embedding'],
  classifier: [],
  faceres: ['gender', 'age'],
  centernet: ['classes'],
} as const;
export type Architecture = keyof typeof architectureOutputs;

/** What the models of a role may be, and the kinds of crop that they look at. */
export const modelRoles = {
  detector: { architectures: ['yunet', 'blazeface', 'blazeface-dense', 'ultra-light'], crops: ['whole'] },
  mesh: { architectures: ['facemesh'], crops: ['square'] },
  embedder: { architectures: ['embedding'], crops: ['aligned'] },
  'anti-spoof': { architectures: ['classifier'], crops: ['rect', 'square'] },
  'age-gender': { architectures: ['faceres'], crops: ['square'] },
  expression: { architectures: ['classifier'], crops: ['square'] },
  objects: { architectures: ['centernet'], crops: ['square'] },
} as const;
export type ModelRole = keyof typeof modelRoles;

const keysOf = <Key extends string>(table: Readonly<Record<Key, unknown>>) =>
  Object.keys(table) as [Key, ...Key[]];

/**
 * What the manifest and an operator's models.json may hold. Made where something is held against it: most processes read neither.
 */
export function manifestSchemas() {
  const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
  const dim = z.union([z.int().positive(), z.string()]);

  /** A file of a public project, brought by `openfrs models add FILE|URL`; several where editions are known. */
  const fileOrigin = z.object({ from: z.literal('file'), project: z.string(), file: z.string(), sha256 });

  const licence = z.object({
    spdx: z.string(),
    /** What is known of the data it was trained on. */
    training: z.string(),
  });

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
    fileOrigin,
  ]);

  /** How the original becomes our ONNX; see build-model.ts. */
  const convert = z.object({
    format: z.enum(['tfjs', 'tflite', 'onnx', 'dlib']),
    /** Per channel of `order`: (0..255 − mean) · scale. */
    pixels: z.object({
      order: z.enum(['rgb', 'bgr', 'gray']),
      mean: z.array(z.number()),
      scale: z.array(z.number()),
    }),
    foldEmbedding: z.int().min(64).max(1024).optional(),
    /** The first convolution takes pixels as they are (see fuse-pixels.ts); the others keep the bytes that they were pinned with. */
    fusePixels: z.literal(true).optional(),
    /** Outputs are maps of classes over the picture: only each class's largest value is wanted. */
    strongest: z.literal(true).optional(),
  });

  /** A point of an embedder's calibration: at this cosine, `far` of all pairs of strangers are taken for one person. */
  const calibrationPoint = z.object({
    far: z.number().gt(0).lt(1),
    cosine: z.number().gte(-1).lte(1),
    similarity: z.number().gt(0).lt(1),
  });

  /** Numbers of a vector: float32, little-endian, in Base64. */
  const floats = z.base64().refine((text) => Buffer.from(text, 'base64').length % 4 === 0, 'not float32');

  /** What is done to an embedder's unit vectors before they are kept and searched with (packages/vision/src/embedding). */
  const postprocessing = z.object({
    /** Names these vectors in face sets; the model's own id names its vectors as they are. */
    id: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,62}$/),
    /** What was averaged and fitted on: people, photos, what was done to them. */
    fitted: z.string(),
    /** Subtracted first. */
    mean: floats,
    /** The subspace of group means: left out. At least two, as two places of a kept vector serve search. */
    removed: z.array(floats).min(2),
    /** Where vectors of unrecognisable faces point. */
    unrecognisable: z.array(floats).min(1),
    /** The squared length below which what is left of a vector is shortened further, in proportion; never without it. */
    shortenedBelow: z.number().gt(0).lt(1).optional(),
    cosineAtFar1e4: z.number().gt(0).lt(1),
    calibration: z.array(calibrationPoint).min(1),
  });

  /**
   * Anti-spoof models that judge together: the mean of their standardised logits, and what it means. Only the very combination is
   * calibrated.
   */
  const fusion = z
    .object({
      models: z.array(z.string()).min(1),
      /** What it was fitted on: people, photos. */
      fitted: z.string(),
      /** Of bona fide photos, a share `bpcer` scores less. */
      points: z.array(z.object({ bpcer: z.number().gt(0).lt(1), score: z.number() })).min(1),
      /** The points' BPCER at which is decided: of a photo, and of the mean over a video's frames. */
      decision: z.object({ photo: z.number(), video: z.number() }),
    })
    .refine(
      ({ points, decision }) =>
        Object.values(decision).every((bpcer) => points.some((point) => point.bpcer === bpcer)),
      'a decision at no point',
    );

  /** What a network looks at. Lengths are in the sides of what is cropped; a crop is resized to the input's size. */
  const crop = z.discriminatedUnion('kind', [
    /** The whole picture, its sides multiples of this. */
    z.object({ kind: z.literal('whole'), multiple: z.int().positive() }),
    /** A square about the face's box, or about its landmarks, the face upright. */
    z.object({
      kind: z.literal('square'),
      of: z.enum(['box', 'mesh']),
      scale: z.number().positive(),
      /** The grey beyond the picture, or the picture reflected at its edge; default 0. */
      border: z.union([z.literal(0), z.literal(127), z.literal('reflect')]).optional(),
      /** In pixels, where the network takes any size. */
      side: z.int().positive().optional(),
    }),
    /** The face's box grown by `scale`, shifted into the picture where it stands out. */
    z.object({
      kind: z.literal('rect'),
      of: z.literal('box'),
      scale: z.number().positive(),
      fit: z.literal('shift'),
      /**
       * Grown by another scale as well, where the picture has room: of an anti-spoof model the lower logit counts, after `lower` was
       * added to that one, which is by how much it is lower of people (their mean).
       */
      wider: z.object({ scale: z.number().positive(), lower: z.number() }).optional(),
    }),
    /** The face brought to a template of landmarks. */
    z.object({ kind: z.literal('aligned'), template: z.enum(['arcface', 'dlib']) }),
  ]);

  const fields = z.object({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,62}$/),
    role: z.enum(keysOf(modelRoles)),
    /** How its outputs are decoded. */
    architecture: z.enum(keysOf(architectureOutputs)),
    description: z.string(),
    file: z.string().regex(/^[a-z0-9-]+\.onnx$/),
    /** Of the ONNX file we produce: the same on every machine. */
    sha256,
    origin,
    licence,
    convert,
    /** Always `pixels`, uint8 RGB; a name stands for a free dimension. */
    input: z.object({ name: z.literal('pixels'), shape: z.tuple([dim, dim, dim, z.literal(3)]) }),
    crop,
    /** What is to be known of the crop beside that. */
    cropNote: z.string().optional(),
    outputs: z
      .array(z.object({ name: z.string(), source: z.string(), shape: z.array(dim), meaning: z.string() }))
      .min(1),
    /** Of a classifier's first output: what the graph leaves to do; default none. */
    activation: z.enum(['none', 'softmax', 'sigmoid']).optional(),
    labels: z.array(z.string()).optional(),
    /**
     * Of an anti-spoof model: mean and standard deviation of its logit, ln(live / all others) within ±12, over bona fide photos
     * (`npm run bench anti-spoof`).
     */
    standardisation: z.object({ mean: z.number(), deviation: z.number().positive() }).optional(),
    /** A detector that may propose faces; the others verify what it proposes. */
    proposes: z.literal(true).optional(),
    /**
     * Of a detector that proposes: the score that it gives a face at half the size at which it finds it, at least; where it gives less, the
     * pyramid's finest level isn't searched. Default: it is searched whole.
     */
    hintScore: z.number().gt(0).lt(1).optional(),
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
        /** The cosine that one in 10,000 pairs of strangers passes: similarity 0.93. */
        cosineAtFar1e4: z.number().gt(0).lt(1).optional(),
        /** Without one, a model can be measured but not used (`openfrs models eval`). */
        calibration: z.array(calibrationPoint).min(1).optional(),
        /** What new sets have; sets from before keep the vectors as they are, which the calibration above is of. */
        postprocessing: postprocessing.optional(),
        /** What sets made since then have and keep, the newest first. */
        formerPostprocessing: z.array(postprocessing).optional(),
      })
      .optional(),
  });

  const modelEntry = fields.superRefine(checkArchitecture);
  /** An entry whose file has not been made yet. */
  const modelDraft = fields.omit({ sha256: true }).superRefine(checkArchitecture);

  /** An embedder that is known by its bytes: its entry is read off its graph, and its calibration measured, where it is brought. */
  const publishedEmbedder = z.object({
    id: z.string(),
    /** The sets of models that are brought with it where it is there; none puts it into use. */
    sets: z.array(z.string()),
    origin: fileOrigin,
    licence,
  });

  const manifest = z
    .object({
      models: z.array(modelEntry).min(1),
      published: z.array(publishedEmbedder),
      /** A set names the model of each role; `npm` needs nothing but the npm registry and is the default. */
      sets: z.record(z.string(), z.record(z.string(), z.array(z.string()).min(1))),
      /** Calibrations of combinations of anti-spoof models. */
      fusions: z.array(fusion),
    })
    .refine(
      ({ models }) => models.every(({ embedder }) => embedder === undefined || embedder.calibration),
      'an embedder has no calibration',
    )
    .refine(
      ({ models }) => new Set(models.map((m) => m.id)).size === models.length,
      'model ids are not unique',
    )
    .refine(({ models, sets }) => {
      const ids = new Set(models.map((m) => m.id));
      return Object.values(sets).every((set) =>
        Object.values(set).every((list) => list.every((id) => ids.has(id))),
      );
    }, 'a set names a model that is not there')
    .refine(
      ({ models, fusions }) =>
        fusions.every((one) =>
          one.models.every((id) => models.some((model) => model.id === id && model.standardisation)),
        ),
      'a fusion names a model without a standardisation',
    );
  return { manifest, modelEntry, modelDraft, fusion, publishedEmbedder };
}
export type ManifestSchemas = ReturnType<typeof manifestSchemas>;
type Entry = z.infer<ManifestSchemas['modelEntry']>;

/** Does the architecture go with the role, the crop and the outputs? */
function checkArchitecture(
  {
    role,
    architecture,
    crop,
    outputs,
    labels,
  }: Pick<Entry, 'role' | 'architecture' | 'crop' | 'outputs' | 'labels'>,
  context: z.core.$RefinementCtx,
): void {
  const fault = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  const { architectures, crops } = modelRoles[role];
  if (!(architectures as readonly string[]).includes(architecture)) {
    fault('architecture', `a model of the role ${role} is one of ${architectures.join(', ')}`);
  }
  if (!(crops as readonly string[]).includes(crop.kind)) {
    fault('crop', `a model of the role ${role} has a crop of the kind ${crops.join(' or ')}`);
  }
  const missing = architectureOutputs[architecture].find((name) => outputs.every((o) => o.name !== name));
  if (missing !== undefined) fault('outputs', `the architecture ${architecture} has an output ${missing}`);
  if (architecture === 'classifier' && labels === undefined) fault('labels', 'a classifier has labels');
  if (role === 'anti-spoof' && !labels?.includes('live')) fault('labels', 'one of them is "live"');
}
