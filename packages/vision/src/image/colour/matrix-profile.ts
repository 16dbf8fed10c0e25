import { entryBytes, headerBytes } from './icc-profile.ts';

/** Three numbers: one a channel, or X, Y and Z. */
export type Triple = readonly [number, number, number];

/**
 * What a profile says that describes an RGB device by a matrix (ICC.1:2022, F.3): the linear light of each 8-bit value of a
 * channel, 0 to 1, and the channels' XYZ at full light, for the white D50.
 */
export interface MatrixProfile {
  readonly curves: readonly [Float64Array, Float64Array, Float64Array];
  readonly colourants: readonly [Triple, Triple, Triple];
}

/** More than any profile has. */
const maxTags = 100;
/** Linear light: a sixth of sRGB's first level. An engine makes up for other blacks by moving all that is dark. */
const mostOfBlack = 0.000_05;
/** Tables that a colour engine prefers to the matrix where a profile has both. */
const tables = ['A2B0', 'A2B1', 'A2B2', 'D2B0', 'D2B1', 'D2B2'];

/** Undefined where it is of another kind, damaged, or has a black that isn't without light: a matter for a colour engine. */
export function matrixProfile(profile: Uint8Array): MatrixProfile | undefined {
  if (profile.length < headerBytes + 4) return undefined;
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  if (letters(view, 36) !== 'acsp' || letters(view, 16) !== 'RGB ' || letters(view, 20) !== 'XYZ ')
    return undefined;
  const tags = tagsOf(view);
  if (tags === undefined || tables.some((name) => tags.has(name))) return undefined;
  const colourants = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => tripleOf(tags.get(name)));
  const curves = ['rTRC', 'gTRC', 'bTRC'].map((name) => curveOf(tags.get(name)));
  const [r, g, b] = colourants;
  const [red, green, blue] = curves;
  if (!r || !g || !b || !red || !green || !blue) return undefined;
  return { colourants: [r, g, b], curves: [red, green, blue] };
}

function letters(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(at + index)));
}

/** The data of each tag, the first of a name; undefined where one lies outside. */
function tagsOf(view: DataView): Map<string, DataView> | undefined {
  const count = view.getUint32(headerBytes);
  if (count > maxTags || headerBytes + 4 + count * entryBytes > view.byteLength) return undefined;
  const tags = new Map<string, DataView>();
  for (let index = 0; index < count; index += 1) {
    const entry = headerBytes + 4 + index * entryBytes;
    const name = letters(view, entry);
    const from = view.getUint32(entry + 4);
    const size = view.getUint32(entry + 8);
    if (from + size > view.byteLength) return undefined;
    if (!tags.has(name)) tags.set(name, new DataView(view.buffer, view.byteOffset + from, size));
  }
  return tags;
}

/** s15Fixed16Number (ICC.1:2022, 4.6). */
const fixed = (view: DataView, at: number) => view.getInt32(at) / 65_536;

function tripleOf(tag: DataView | undefined): Triple | undefined {
  if (tag === undefined || tag.byteLength < 20 || letters(tag, 0) !== 'XYZ ') return undefined;
  return [fixed(tag, 8), fixed(tag, 12), fixed(tag, 16)];
}

/** A tone reproduction curve at the 256 values of a channel. */
function curveOf(tag: DataView | undefined): Float64Array | undefined {
  if (tag === undefined || tag.byteLength < 12) return undefined;
  const type = letters(tag, 0);
  const curve = type === 'curv' ? sampledCurve(tag) : type === 'para' ? parametricCurve(tag) : undefined;
  if (curve === undefined) return undefined;
  const values = Float64Array.from({ length: 256 }, (_, value) => curve(value / 255));
  if (!values.every(Number.isFinite) || Math.abs(values[0]!) > mostOfBlack) return undefined;
  return values.map((value) => Math.min(Math.max(value, 0), 1));
}

/** `curveType` (ICC.1:2022, 10.6): nothing for the identity, one number for a gamma, or samples with straight lines between. */
function sampledCurve(tag: DataView): ((x: number) => number) | undefined {
  const count = tag.getUint32(8);
  if (count === 0) return (x) => x;
  if (12 + 2 * count > tag.byteLength) return undefined;
  if (count === 1) return (x) => x ** (tag.getUint16(12) / 256);
  const sample = (index: number) => tag.getUint16(12 + 2 * index) / 65_535;
  return (x) => {
    const below = Math.min(Math.floor(x * (count - 1)), count - 2);
    const part = x * (count - 1) - below;
    return (1 - part) * sample(below) + part * sample(below + 1);
  };
}

/** Parameters of each function of `parametricCurveType`, by its number. */
const parameterCounts = [1, 3, 4, 5, 7];

/** `parametricCurveType` (ICC.1:2022, 10.18, table 68). */
function parametricCurve(tag: DataView): ((x: number) => number) | undefined {
  const form = tag.getUint16(8);
  const count = parameterCounts[form];
  if (count === undefined || 12 + 4 * count > tag.byteLength) return undefined;
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from({ length: count }, (_, index) =>
    fixed(tag, 12 + 4 * index),
  );
  switch (form) {
    case 0:
      return (x) => x ** g;
    case 1:
      return (x) => (a * x + b >= 0 ? (a * x + b) ** g : 0);
    case 2:
      return (x) => (a * x + b >= 0 ? (a * x + b) ** g + c : c);
    case 3:
      return (x) => (x >= d ? (a * x + b) ** g : c * x);
    default:
      return (x) => (x >= d ? (a * x + b) ** g + e : c * x + f);
  }
}
