import type * as z from 'zod';
import manifest from '../../manifest.json' with { type: 'json' };
import type { ManifestSchemas, ModelRole, modelRoles } from './manifest-schema.ts';

export type { Architecture, ModelRole } from './manifest-schema.ts';

export type ModelEntry = z.infer<ManifestSchemas['modelEntry']>;
/** An entry of a role, with the architectures and the kind of crop that go with it. */
export type ModelOf<Role extends ModelRole> = ModelEntry & {
  readonly role: Role;
  readonly architecture: (typeof modelRoles)[Role]['architectures'][number];
  readonly crop: { readonly kind: (typeof modelRoles)[Role]['crops'][number] };
};
/** What the score of a combination of anti-spoof models means. */
export type Fusion = z.infer<ManifestSchemas['fusion']>;
export type PublishedEmbedder = z.infer<ManifestSchemas['publishedEmbedder']>;
export type Manifest = z.infer<ManifestSchemas['manifest']>;
export type ModelOrigin = ModelEntry['origin'];

/**
 * The manifest that ships with the project: every model we know, whether it is on this machine or not. It is a part of the code, held
 * against its schema by manifest.test.ts: a new process would take 40 ms to do so.
 */
export function loadManifest(): Manifest {
  return manifest as unknown as Manifest;
}

/** The calibration of a combination of anti-spoof models, whatever their order; none where it isn't the manifest's. */
export function fusionOf(models: readonly string[]): Fusion | undefined {
  const wanted = [...models].sort().join();
  return loadManifest().fusions.find((one) => [...one.models].sort().join() === wanted);
}
