import type { SquareRegion } from '../crops/crop-faces.ts';
import type { FaceMesh } from '../geometry/frame.ts';
import { landmarkShift, meshBounds } from './mesh-bounds.ts';
import { isSeenUpright, placesSeen, type UprightView } from './upright-check.ts';

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
/** What a pass may do to landmarks that are in their place: move them by a share of the face, and make it so many times larger or smaller. */
interface Tolerance {
  readonly shift: number;
  readonly growth: number;
}
/**
 * Of the second pass. By a larger shift, the box lay beside the face (of 1,163 upright photos of LFW so in one); by more growth, it is much
 * larger than the face (of 57 upright photos none grew by more than 1.08), and each pass shrinks the landmarks a little.
 */
const settled: Tolerance = { shift: 0.06, growth: 1.1 };
/** Of the passes that then go on, as 99 of 100 second passes are: some landmarks creep to their place. */
const atRest: Tolerance = { shift: 0.03, growth: 1.06 };
/** Further passes: each brings a face upright by some 20 degrees, as the model saw few that were turned by more. */
const morePasses = 8;
/** Degrees from the first crop at which a search starts: more passes bring upright what is turned by half their distance. */
const starts = [60, 120, 180, 240, 300] as const;
/**
 * Share of the square's side by which some starts lie further down the face, and their degrees from the first crop: of a face that lies
 * slantwise, detectors box the brow rather than the middle.
 */
const lower = 0.2;
const lowerStarts = [0, 60, 300] as const;
/** Side of the squares of a second search over the first one's: a box that holds the hair too is up to 1.7 times the face. */
const smaller = 0.65;
/** Presence from which the given mesh shows a face, if not a sure one: blurred faces needn't be searched for twice. */
const shownPresence = 0.5;
/** Of the places where a detector sees a face, those from which more passes start. */
const mostPlaces = 2;
/** Log-odds of presence by which a mesh from another start must exceed the given one. */
const clearlyMore = 1;
/** Within these another mesh that is turned the same way shows the same face. */
const sameFace: Tolerance = { shift: 0.15, growth: 1.1 };

/** A mesh, and the one that its crop was made by. */
interface Attempt {
  readonly mesh: FaceMesh;
  readonly before: FaceMesh;
}

/**
 * Meshes of faces turned by any angle, from those of two passes, of which the second stay as they are where they have settled: the face
 * stands upright in its crop, its landmarks are where the first pass saw them, and the model is sure of it. Of the others, passes go on while
 * roll or place change; where that ends at no sure face, the search starts anew from crops of `squares`, turned all the way round,
 * then from smaller ones.
 */
export async function settleMeshes(
  pass: MeshPass,
  squares: readonly SquareRegion[],
  first: readonly FaceMesh[],
  second: readonly FaceMesh[],
  view?: UprightView,
): Promise<FaceMesh[]> {
  const results: FaceMesh[] = [];
  for (const [index, mesh] of second.entries()) {
    const square = squares[index] as SquareRegion;
    const given = { mesh, before: first[index] as FaceMesh };
    const found = await settle(pass, square, given);
    const isPlain =
      found === given &&
      Math.abs(difference(rollOf(mesh), 0)) <= usualRoll &&
      mesh.presence >= settledTurnedPresence;
    results.push(view && !isPlain ? await seenMesh(pass, view, square, found.mesh) : found.mesh);
  }
  return results;
}

/**
 * The mesh, or where a detector does not see its face upright there, one of a place where it does: of a turned face the model may be sure
 * upside-down, or on half of it. Of upright ones 2 in 100 are asked for.
 */
async function seenMesh(
  pass: MeshPass,
  view: UprightView,
  square: SquareRegion,
  mesh: FaceMesh,
): Promise<FaceMesh> {
  if (await isSeenUpright(view, mesh)) return mesh;
  const places = await placesSeen(view, square);
  if (places.length === 0) return mesh;
  // The detector sees faces that lie on their side nearly as well: the mesh model tells which way up.
  const likeliest = (await pass(places)).toSorted((a, b) => b.presence - a.presence).slice(0, mostPlaces);
  for (const before of likeliest) {
    const other = await passOn(pass, await next(pass, before));
    const isSettled = stays(other, atRest) && other.mesh.presence >= settledPresence;
    if (isSettled && (await isSeenUpright(view, other.mesh))) return other.mesh;
  }
  return mesh;
}

async function settle(pass: MeshPass, square: SquareRegion, given: Attempt): Promise<Attempt> {
  const stood = stays(given, settled);
  if (stood && isSure(given, square)) return given;
  // What the model is not sure of may be on its way although one pass hardly moved it.
  const passed = await passOn(pass, stood ? await next(pass, given.mesh) : given);
  const isAtRest = stays(passed, atRest);
  const continued = stood && (!isAtRest || isSameFace(passed, given)) ? given : passed;
  if (isAtRest && isSure(passed, square)) return continued;
  let found = await searchAt(pass, square);
  if (found === undefined && continued.mesh.presence < shownPresence) {
    found = await searchAt(pass, { ...square, size: smaller * square.size });
  }
  if (found === undefined) return continued;
  // The model may be sure of what is on its way; of what has come to rest only another face counts that it is surer of.
  const isBetter =
    stood || isAtRest
      ? !isSameFace(found, continued) && logit(found) >= logit(continued) + clearlyMore
      : isSure(found, square) || logit(found) >= logit(given) + clearlyMore;
  return isBetter ? found : continued;
}

/** One face the same way up: its first mesh is left as it was. */
function isSameFace(a: Attempt, b: Attempt): boolean {
  const turn = Math.abs(difference(rollOf(a.mesh), rollOf(b.mesh)));
  return turn <= usualRoll && isWithin(sameFace, a.mesh, b.mesh);
}

/** What a search ends at, where the model is sure of it and it has come to rest. */
async function searchAt(pass: MeshPass, square: SquareRegion): Promise<Attempt | undefined> {
  const found = await search(pass, square);
  return stays(found, atRest) && found.mesh.presence >= settledPresence ? found : undefined;
}

/** From the two starts of which the model is surest, as many passes as it takes, one at least. */
async function search(pass: MeshPass, square: SquareRegion): Promise<Attempt> {
  const meshes = await pass([
    ...starts.map((turn) => ({ ...square, degrees: square.degrees + turn })),
    ...lowerStarts.map((turn) => lowered(square, square.degrees + turn)),
  ]);
  const [first, second] = meshes.toSorted((a, b) => b.presence - a.presence) as [FaceMesh, FaceMesh];
  const [a, b] = [await next(pass, first), await next(pass, second)];
  return passOn(pass, b.mesh.presence > a.mesh.presence ? b : a);
}

/** The square turned, and moved to where the chin would be. */
function lowered({ centreX, centreY, size }: SquareRegion, degrees: number): SquareRegion {
  const turn = (degrees * Math.PI) / 180;
  return {
    centreX: centreX - Math.sin(turn) * lower * size,
    centreY: centreY + Math.cos(turn) * lower * size,
    ...{ size, degrees },
  };
}

/** Passes until roll and place stay. */
async function passOn(pass: MeshPass, from: Attempt): Promise<Attempt> {
  let attempt = from;
  for (let more = 0; more < morePasses && !stays(attempt, atRest); more += 1) {
    attempt = await next(pass, attempt.mesh);
  }
  return attempt;
}

async function next(pass: MeshPass, before: FaceMesh): Promise<Attempt> {
  const [mesh] = await pass([meshBounds(before)]);
  return { mesh: mesh as FaceMesh, before };
}

function isSure({ mesh }: Attempt, square: SquareRegion): boolean {
  const turn = Math.abs(difference(rollOf(mesh), square.degrees));
  return mesh.presence >= (turn > usualRoll ? settledTurnedPresence : settledPresence);
}

/** Does the face stand upright in its crop, with its landmarks where the crop was made for them, within the tolerance? */
function stays({ mesh, before }: Attempt, tolerance: Tolerance): boolean {
  const turn = Math.abs(difference(rollOf(mesh), rollOf(before)));
  return turn <= settledRoll && isWithin(tolerance, mesh, before);
}

function isWithin({ shift, growth }: Tolerance, a: FaceMesh, b: FaceMesh): boolean {
  const ratio = meshBounds(a).size / meshBounds(b).size;
  return Math.max(ratio, 1 / ratio) <= growth && landmarkShift(a, b) <= shift;
}

function rollOf(mesh: FaceMesh): number {
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
