import {
  type Fusion,
  fusionOf,
  type LibraryOptions,
  type ModelEntry,
  type ModelOf,
  type ModelRole,
  modelFile,
  openModels,
  type UsableModel,
} from '@openfrs/models';

/** The models in use, each file there. */
export interface ModelRegistry {
  /** Each model by its id; its file is verified by who opens it. */
  readonly files: ReadonlyMap<string, UsableModel>;
  /** Models of a role, most preferred first; empty when none is in use. */
  all<Role extends ModelRole>(role: Role): readonly ModelOf<Role>[];
  /** The preferred model of a role. @throws Error one clear sentence where none is in use */
  first<Role extends ModelRole>(role: Role): ModelOf<Role>;
  /** What the scores of the anti-spoof models in use mean together; absent where nobody calibrated that combination. */
  readonly fusion?: Fusion;
}

export interface RegistryOptions extends LibraryOptions {
  /** An embedder, by its id, in place of the one in use. */
  readonly embedder?: string;
}

/** Finds the models in use. @throws Error one clear sentence where one is missing or of no known architecture */
export async function openRegistry(options: RegistryOptions = {}): Promise<ModelRegistry> {
  const roles = await openModels(options);
  if (options.embedder !== undefined) {
    const other = await modelFile(options.embedder, options);
    if (other.entry.role !== 'embedder') throw new Error(`The model ${options.embedder} is no embedder.`);
    roles.set('embedder', [other]);
  }
  // Detectors that are chosen in place of the default ones are still verified by both BlazeFaces, where these are built.
  for (const id of ['blazeface', 'blazeface-full-range']) {
    const detectors = roles.get('detector') ?? [];
    if (detectors.some(({ entry }) => entry.id === id)) continue;
    const verifier = await modelFile(id, options).catch(() => undefined);
    const known = detectors.some(({ entry }) => entry.architecture === verifier?.entry.architecture);
    if (verifier !== undefined && !known) roles.set('detector', [...detectors, verifier]);
  }
  const files = [...roles.values()].flat().map((model) => [model.entry.id, model] as const);
  return registryOf(new Map(files), (role) => (roles.get(role) ?? []).map(({ entry }) => entry));
}

function registryOf(
  files: ReadonlyMap<string, UsableModel>,
  entriesOf: (role: ModelRole) => readonly ModelEntry[],
): ModelRegistry {
  // The manifest's schema has held each entry's architecture and crop against its role.
  const all = <Role extends ModelRole>(role: Role) => entriesOf(role) as readonly ModelOf<Role>[];
  const fusion = fusionOf(entriesOf('anti-spoof').map(({ id }) => id));
  return {
    files,
    ...(fusion !== undefined && { fusion }),
    all,
    first(role) {
      const [model] = all(role);
      if (model === undefined) {
        throw new Error(`No model is in use as ${role}; \`openfrs models list\` shows them.`);
      }
      return model;
    },
  };
}
