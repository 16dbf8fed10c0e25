import type { SquareRegion } from '../crops/crop-faces.ts';
import type { FaceMesh } from '../geometry/frame.ts';
import { meshBounds } from './mesh-bounds.ts';

/** One pass of the mesh model: one mesh a region. */
type MeshPass = (regions: readonly SquareRegion[]) => Promise<FaceMesh[]>;

/** Degrees by which the model may still find a face turned in a crop that its last pass made upright. */
const settledRoll = 8;
/**
 * Presence of a face that stands upright in its crop; upside-down and lying faces may have nearly as much. Where a face is found turned
 * further than heads are held, it must be one in a million: 97 of 100 turned faces reach that, a wrong mesh .99999.
 */
const settledPresence = 0.9995;
const settledTurnedPresence = 1 - 2e-6;
const usualRoll = 20;
/** Further passes: each brings a face upright by some 20 degrees, as the model saw few that were turned by more. */
const morePasses = 3;
/** Degrees from the first crop at which a search starts: more passes bring upright what is turned by half their distance. */
const starts = [60, 120, 180, 240, 300] as const;
/** Log-odds of presence by which a mesh from another start must exceed the given one. */
const clearlyMore = 1;

interface Attempt {
  readonly region: SquareRegion;
  readonly mesh: FaceMesh;
}

/**
 * Meshes of faces turned by any angle, from those of two passes (`meshes`, cropped by `regions`), which stay as they are
 * where they have settled: the face stands upright in its crop, and the model is sure of it. Of the others, passes go on while the
 * roll changes; where that ends at no sure face, the search starts anew from crops of `squares` turned all the way round.
 */
export async function settleMeshes(
  pass: MeshPass,
  squares: readonly SquareRegion[],
  regions: readonly SquareRegion[],
  meshes: readonly FaceMesh[],
): Promise<FaceMesh[]> {
  const results: FaceMesh[] = [];
  for (const [index, mesh] of meshes.entries()) {
    const given = { region: regions[index] as SquareRegion, mesh };
    results.push((await settled(pass, squares[index] as SquareRegion, given)).mesh);
  }
  return results;
}

async function settled(pass: MeshPass, square: SquareRegion, given: Attempt): Promise<Attempt> {
  if (hasSettled(given, square)) return given;
  const continued = isUpright(given) ? given : await passOn(pass, given);
  if (hasSettled(continued, square)) return continued;
  const found = await search(pass, square);
  const surer = found.mesh.presence >= settledPresence && isUpright(found);
  // The same face the same way up is left as it was.
  const turnedOtherwise = Math.abs(difference(rollOf(found), rollOf(given))) > usualRoll;
  return surer && turnedOtherwise && logit(found) >= logit(given) + clearlyMore ? found : continued;
}

/** From the two starts of which the model is surest, as many passes as it takes, one at least. */
async function search(pass: MeshPass, square: SquareRegion): Promise<Attempt> {
  const meshes = await pass(starts.map((turn) => ({ ...square, degrees: square.degrees + turn })));
  const regions = meshes
    .toSorted((a, b) => b.presence - a.presence)
    .slice(0, 2)
    .map(meshBounds);
  const attempts = (await pass(regions)).map((mesh, index) => ({
    region: regions[index] as SquareRegion,
    mesh,
  }));
  return passOn(
    pass,
    attempts.reduce((a, b) => (b.mesh.presence > a.mesh.presence ? b : a)),
  );
}

/** Passes until the roll stays. */
async function passOn(pass: MeshPass, from: Attempt): Promise<Attempt> {
  let attempt = from;
  for (let more = 0; more < morePasses && !isUpright(attempt); more += 1) {
    attempt = await next(pass, attempt.mesh);
  }
  return attempt;
}

async function next(pass: MeshPass, from: FaceMesh): Promise<Attempt> {
  const region = meshBounds(from);
  const [mesh] = await pass([region]);
  return { region, mesh: mesh as FaceMesh };
}

function hasSettled(attempt: Attempt, square: SquareRegion): boolean {
  const turn = Math.abs(difference(rollOf(attempt), square.degrees));
  const enough = turn > usualRoll ? settledTurnedPresence : settledPresence;
  return isUpright(attempt) && attempt.mesh.presence >= enough;
}

/** Does the face stand upright in its crop? */
function isUpright(attempt: Attempt): boolean {
  return Math.abs(difference(rollOf(attempt), attempt.region.degrees)) <= settledRoll;
}

function rollOf({ mesh }: Attempt): number {
  return meshBounds(mesh).degrees;
}

/** Degrees from `b` to `a`, the shorter way. */
function difference(a: number, b: number): number {
  return ((((a - b) % 360) + 540) % 360) - 180;
}

function logit({ mesh }: Attempt): number {
  const presence = Math.min(mesh.presence, 1 - 1e-7);
  return Math.log(presence / (1 - presence));
}
