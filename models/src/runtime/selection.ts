import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { folderError, isCode, writeWhole } from './cache.ts';
import { withArchitecture } from './infer-architecture.ts';
import { loadManifest, type ModelEntry, type ModelRole } from './manifest.ts';
import { manifestSchemas } from './manifest-schema.ts';

const FILE = 'models.json';
const DEFAULT_SET = 'npm';

/** Left the manifest in November 2026: no code ran them. A choice of one is passed over, as nothing came of it before. */
const retired: ReadonlySet<string> = new Set([
  'fr-age',
  'fr-expression',
  'fr-eye',
  'fr-gender',
  'fr-landmark',
  'fr-pose',
  'iris',
]);

const selectionSchema = () =>
  z
    .object({
      /** Entries of the operator's own models. */
      added: z.array(z.preprocess(withArchitecture, manifestSchemas().modelEntry)).default([]),
      /** Roles whose models differ from the default set's. */
      use: z.record(z.string(), z.array(z.string()).min(1)).default({}),
    })
    .transform(withoutRetired);
export type Selection = z.infer<ReturnType<typeof selectionSchema>>;

/** A role that is left without a model has the default set's again. */
function withoutRetired({ added, use }: { added: ModelEntry[]; use: Record<string, string[]> }) {
  const own = new Set(added.map(({ id }) => id));
  const kept = Object.entries(use)
    .map(([role, ids]) => [role, ids.filter((id) => own.has(id) || !retired.has(id))] as const)
    .filter(([, ids]) => ids.length > 0);
  return { added, use: Object.fromEntries(kept) };
}

/** The operator's choice in the models folder (`models.json`); empty where nothing was chosen. */
export async function readSelection(dir: string): Promise<Selection> {
  let text: string;
  try {
    text = await readFile(join(dir, FILE), 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return { added: [], use: {} };
    throw folderError(dir, 'read', error);
  }
  try {
    return selectionSchema().parse(JSON.parse(text));
  } catch (error) {
    const path = join(dir, FILE);
    throw new Error(
      `${path} is damaged${reason(error)}; correct it, or delete it to go back to the default models.`,
      { cause: error },
    );
  }
}

/** Where a file of the right syntax is wrong: the first place, and what is expected there. */
function reason(error: unknown): string {
  const [issue] = error instanceof z.ZodError ? error.issues : [];
  return issue ? ` (${issue.path.join('.')}: ${issue.message})` : '';
}

export async function writeSelection(dir: string, selection: Selection): Promise<void> {
  const text = `${JSON.stringify(selection, null, 2)}\n`;
  await writeWhole(dir, FILE, new TextEncoder().encode(text));
}

/** Every model known here: the manifest's and the operator's own (which win where an id is the same). */
export function knownModels(selection: Selection): ModelEntry[] {
  const own = new Set(selection.added.map((m) => m.id));
  return [...loadManifest().models.filter((m) => !own.has(m.id)), ...selection.added];
}

/** The models in use, in order of preference, by role: the default set with the operator's choice over it. */
export function activeModels(selection: Selection): Map<ModelRole, ModelEntry[]> {
  const byId = new Map(knownModels(selection).map((m) => [m.id, m]));
  const roles = { ...loadManifest().sets[DEFAULT_SET], ...selection.use };
  return new Map(
    Object.values(roles).map((ids) => {
      const models = ids.map((id) => {
        const model = byId.get(id);
        if (!model)
          throw new Error(
            `The model ${id} is in use but not known; choose another with \`openfrs models use\`.`,
          );
        return model;
      });
      return [models[0]!.role, models] as const;
    }),
  );
}
