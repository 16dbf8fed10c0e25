import { type LibraryOptions, type ModelEntry, type ModelRole, modelFile, openModels } from '@openfrs/models';

/** The models in use: an entry of the manifest by role, most preferred first, and each model's file. */
export interface InstalledModels {
  readonly files: ReadonlyMap<string, string>;
  /** Models of a role, most preferred first; empty when none is installed. */
  of(role: ModelRole): readonly ModelEntry[];
}

export interface InstalledOptions extends LibraryOptions {
  /** An embedder that takes the place of the one in use. */
  readonly embedder?: string;
}

/** Opens the chosen models, every file verified. Throws one clear sentence where one is missing or damaged. */
export async function installedModels(options: InstalledOptions = {}): Promise<InstalledModels> {
  const roles = await openModels(options);
  if (options.embedder !== undefined) {
    const other = await modelFile(options.embedder, options);
    if (other.entry.role !== 'embedder') throw new Error(`The model ${options.embedder} is no embedder.`);
    roles.set('embedder', [other]);
  }
  const files = new Map<string, string>();
  // A detector that is chosen instead of the default ones still gets BlazeFace's second opinion where it is built.
  const detectors = roles.get('detector') ?? [];
  if (!detectors.some(({ entry }) => hasOutput(entry, 'scores_16'))) {
    const second = await modelFile('blazeface', options).catch(() => undefined);
    if (second !== undefined) roles.set('detector', [...detectors, second]);
  }
  for (const models of roles.values()) for (const { entry, path } of models) files.set(entry.id, path);
  return { files, of: (role) => (roles.get(role) ?? []).map(({ entry }) => entry) };
}

/** Has this model such an output? Models of one role differ in architecture; their outputs tell which it is. */
export function hasOutput(model: ModelEntry, name: string): boolean {
  return model.outputs.some((output) => output.name === name);
}
