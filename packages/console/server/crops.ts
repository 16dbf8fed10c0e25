import { faceSetNamePattern, operation, parseJsonBody } from '@openfrs/contract';
import type { FaceSet, FaceSets } from '@openfrs/core';
import { type PipelinePorts, type RouteOptions, rateLimit, subscription } from '@openfrs/http';
import * as z from 'zod';
import { ownProject } from './own-project.ts';
import { readParameters } from './parameters.ts';

export interface CropReader {
  /** JPEG by face id, of those that have a crop. */
  crops(set: FaceSet, faceIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** As many as a page of the console shows, and some more. */
const mostAtOnce = 100;

const asked = z.strictObject({
  face_set_name: z.string().regex(faceSetNamePattern),
  face_ids: z
    .array(z.string().regex(/^[A-Za-z]{8}$/))
    .min(1)
    .max(mostAtOnce),
});

/**
 * Crops of faces of the token's own project, as Base64 of JPEGs; none where none are kept. They ask for the subscription of `face-list`,
 * whose faces they are shown beside, and count against its limit.
 */
export function showCrops(
  options: RouteOptions<PipelinePorts & { readonly faceSets: Pick<FaceSets, 'get'> & CropReader }>,
) {
  const faceList = operation('face-list');
  const listing = ownProject(options).use(subscription(faceList)).use(rateLimit(faceList));
  return listing.handle('console-crops', async ({ project, ports, body }) => {
    const { face_set_name, face_ids } = readParameters(asked, parseJsonBody(await body.read()));
    const set = await ports.faceSets.get(project.id, face_set_name);
    const found = await ports.faceSets.crops(set, face_ids);
    const crops = [...found].map(([id, jpeg]) => [id, Buffer.from(jpeg).toString('base64')] as const);
    return { status: 200, body: { crops: Object.fromEntries(crops) } };
  });
}
