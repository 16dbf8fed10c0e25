import * as z from 'zod';

const attribute = z.object({
  s: z.string().optional(),
  b: z.boolean().optional(),
  list: z.object({ i: z.array(z.string()).optional(), s: z.array(z.string()).optional() }).optional(),
  shape: z.object({ dim: z.array(z.object({ size: z.string() })).optional() }).optional(),
});

const graphNode = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), attribute).default({}),
});

const weightEntry = z.object({
  name: z.string(),
  shape: z.array(z.number()),
  dtype: z.string(),
  quantization: z
    .object({ dtype: z.string(), scale: z.number().optional(), min: z.number().optional() })
    .transform(({ dtype, scale, min }) => ({
      dtype,
      ...(scale !== undefined && { scale }),
      ...(min !== undefined && { min }),
    }))
    .optional(),
});

/** A weights manifest: groups of weights, each group in the files named by `paths`. */
export const weightsManifest = z
  .array(z.object({ paths: z.array(z.string()), weights: z.array(weightEntry) }))
  .transform((groups) =>
    groups.flatMap((group) =>
      group.weights.map(({ quantization, ...rest }) => ({ ...rest, ...(quantization && { quantization }) })),
    ),
  );

/** What is used of a TFJS graph model's model.json: the nodes, in an order that can be run, and the weights. */
export const tfjsModel = z.object({
  modelTopology: z.object({ node: z.array(graphNode) }),
  weightsManifest,
});

export type GraphNode = z.infer<typeof graphNode>;

/** An attribute that is text; TFJS writes bytes as base64. */
export function text(node: GraphNode, name: string): string | undefined {
  const encoded = node.attr[name]?.s;
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('latin1');
}

export function texts(node: GraphNode, name: string): string[] {
  return (node.attr[name]?.list?.s ?? []).map((s) => Buffer.from(s, 'base64').toString('latin1'));
}

export function integers(node: GraphNode, name: string): number[] {
  return (node.attr[name]?.list?.i ?? []).map(Number);
}

export function flag(node: GraphNode, name: string): boolean {
  return node.attr[name]?.b ?? false;
}
