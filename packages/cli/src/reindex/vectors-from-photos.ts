import { FrsError } from '@openfrs/contract';
import { samePersonFrom } from '@openfrs/contract/usual-thresholds';
import type { FaceTemplate, Vision } from '@openfrs/core';
import type { FaceToReindex } from '@openfrs/store';
import { iou } from '@openfrs/vision/pipeline';
import type { PhotoIndex } from './photo-index.ts';
import type { PhotoSource } from './photo-source.ts';

/** A face's vector of another model, or why there is none. */
export type NewVector =
  | { readonly vector: Float32Array }
  | { readonly photo?: string | undefined; readonly reason: string };

/** Overlap of the box that was kept and of one that is found now, from which both are of one face. */
const sameFace = 0.4;
/** Photos whose faces are remembered: those of a person are asked for again and again. */
const remembered = 100;

/**
 * The vectors of faces from the photos that they came from: of the face whose box lies where the kept one does. Where vectors of
 * the old model can be made too, the photo's must be the kept one's: a photo that was replaced is of somebody else.
 */
export function vectorsFromPhotos(
  vision: Pick<Vision, 'describe' | 'modelOf'>,
  source: PhotoSource,
  photosOf: PhotoIndex,
  models: { readonly before: string; readonly now: string },
): (face: FaceToReindex) => Promise<NewVector> {
  const seen = new Map<string, Promise<DescribedPhoto>>();
  const before = vision.modelOf(models.before);
  const describe = (name: string): Promise<DescribedPhoto> => {
    const known = seen.get(name) ?? describePhoto(name);
    seen.delete(name);
    seen.set(name, known);
    for (const oldest of seen.keys()) {
      if (seen.size <= remembered) break;
      seen.delete(oldest);
    }
    return known;
  };
  async function describePhoto(name: string): Promise<DescribedPhoto> {
    const bytes = await source.read(name);
    try {
      return {
        faces: await vision.describe(bytes, { faces: 'all', model: models.now }),
        earlier: before && (await vision.describe(bytes, { faces: 'all', model: before.id })),
      };
    } catch (error) {
      // What is wrong with one photo is said of its faces.
      if (error instanceof FrsError) return { faces: [], refused: `${error.code} ${error.message}` };
      throw error;
    }
  }
  return async (face) => {
    const names = photosOf(face);
    let best: { readonly overlap: number; readonly vector: Float32Array } | undefined;
    let reason = 'No photo has its path or external_image_id.';
    for (const name of names) {
      const { faces, earlier, refused } = await describe(name);
      reason = refused ?? 'The photo has no face where this one was.';
      for (const [at, { box, vector }] of faces.entries()) {
        const overlap = iou(rectOf(box), rectOf(face.box));
        if (overlap < Math.max(sameFace, best?.overlap ?? 0)) continue;
        const kept = earlier?.[at]?.vector;
        if (before && kept && inner(before.probe(kept), face.vector) < before.cosine(samePersonFrom)) {
          reason = 'The photo shows somebody else.';
          continue;
        }
        best = { overlap, vector };
      }
    }
    return best ?? { photo: names.length === 1 ? names[0] : undefined, reason };
  };
}

interface DescribedPhoto {
  readonly faces: readonly FaceTemplate[];
  /** The same with vectors of the old model. */
  readonly earlier?: readonly FaceTemplate[] | undefined;
  readonly refused?: string;
}

function rectOf({ topLeftX: x, topLeftY: y, width, height }: FaceTemplate['box']) {
  return { x, y, width, height };
}

function inner(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
}
