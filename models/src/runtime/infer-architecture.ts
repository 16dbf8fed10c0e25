import * as z from 'zod';
import type { Architecture, ModelRole } from './manifest.ts';

/** An operator's entry from before entries had `architecture` and `crop`: the crop in words, an embedder's alignment apart. */
const earlierEntry = () =>
  z.looseObject({
    id: z.string(),
    role: z.string(),
    architecture: z.undefined().optional(),
    crop: z.string().optional(),
    outputs: z.array(z.looseObject({ name: z.string() })),
    embedder: z.looseObject({ alignment: z.string().optional() }).optional(),
  });
type EarlierEntry = z.infer<ReturnType<typeof earlierEntry>>;

const warned = new Set<string>();

/**
 * Completes an entry of models.json that was written before November 2026: architecture and crop are inferred from its
 * role and outputs, with one warning a process. Any other entry is given back as it is.
 */
export function withArchitecture(entry: unknown): unknown {
  const { success, data: earlier } = earlierEntry().safeParse(entry);
  if (!success) return entry;
  const inferred = inferences[earlier.role as ModelRole]?.(earlier);
  if (inferred === undefined) return entry;
  if (!warned.has(earlier.id)) {
    warned.add(earlier.id);
    process.emitWarning(
      `The entry of the model ${earlier.id} in models.json has no architecture and crop; ${inferred.architecture} is taken.`,
    );
  }
  const { crop, ...rest } = earlier;
  return { ...rest, ...(crop !== undefined && { cropNote: crop }), ...inferred };
}

interface Inferred {
  readonly architecture: Architecture;
  readonly crop: object;
  readonly activation?: 'softmax';
  readonly proposes?: true;
}

/** By role, what the code before read from the names of outputs and from constants. */
const inferences: { readonly [Role in ModelRole]: (entry: EarlierEntry) => Inferred | undefined } = {
  detector(entry) {
    if (has(entry, 'cls_8')) return { architecture: 'yunet', crop: whole(32), proposes: true };
    if (has(entry, 'scores_16')) return { architecture: 'blazeface', crop: whole(32) };
    if (has(entry, 'scores_4')) return { architecture: 'blazeface-dense', crop: whole(32) };
    if (has(entry, 'scores')) return { architecture: 'ultra-light', crop: whole(1), proposes: true };
    return undefined;
  },
  mesh: () => ({ architecture: 'facemesh', crop: { kind: 'square', of: 'box', scale: 1.5 } }),
  embedder: ({ embedder }) => ({
    architecture: 'embedding',
    crop: { kind: 'aligned', template: embedder?.alignment ?? 'arcface' },
  }),
  'anti-spoof': (entry) => ({
    architecture: 'classifier',
    crop: {
      kind: 'rect',
      of: 'box',
      scale: Number(/box x (\d+(?:\.\d+)?)/.exec(entry.crop ?? '')?.[1]),
      fit: 'shift',
    },
    ...(entry.outputs[0]?.name === 'logits' && { activation: 'softmax' as const }),
  }),
  'age-gender': () => ({ architecture: 'faceres', crop: { kind: 'square', of: 'mesh', scale: 1.2 } }),
  expression: () => ({ architecture: 'classifier', crop: { kind: 'square', of: 'mesh', scale: 1.2 } }),
  objects: () => ({ architecture: 'centernet', crop: { kind: 'square', of: 'box', scale: 2, side: 192 } }),
};

const has = ({ outputs }: EarlierEntry, name: string) => outputs.some((output) => output.name === name);
const whole = (multiple: number) => ({ kind: 'whole', multiple });
