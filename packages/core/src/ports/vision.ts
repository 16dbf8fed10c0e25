import type { AttributeCode, AttributesResponse } from '@openfrs/contract';

/** A face's box: integer pixels of the upright picture, inside it. */
export interface BoundingBox {
  readonly topLeftX: number;
  readonly topLeftY: number;
  readonly width: number;
  readonly height: number;
}

/** The codes of face-detect's `attributes`. */
export type { AttributeCode };

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** 0 is best for the four defects, 1 is best for the total; all in [0, 1]. */
export interface FaceQuality {
  readonly total: number;
  readonly blur: number;
  readonly pose: number;
  readonly occlusion: number;
  readonly illumination: number;
  /** As `FaceTemplate.recognisability`; undefined where the embedder has no directions of unrecognisable faces. */
  readonly recognisability?: number | undefined;
}

/** Only what was asked for and what an installed model can tell; nothing is made up. */
export interface FaceAttributes {
  /** Degrees, -180..180: yaw > 0 turned to the subject's left, pitch > 0 up, roll > 0 clockwise in the picture. */
  readonly pose?: { readonly yaw: number; readonly pitch: number; readonly roll: number };
  readonly gender?: 'male' | 'female';
  readonly age?: number;
  readonly dress?: {
    readonly glass: 'yes' | 'dark' | 'none' | 'unknown';
    readonly hat: 'yes' | 'none' | 'unknown';
  };
  readonly smile?: string;
  readonly mask?: 'yes' | 'none' | 'unknown';
  readonly hair?: 'long' | 'short' | 'unknown';
  readonly beard?: 'yes' | 'none' | 'unknown';
  readonly phototype?: 'idcard' | 'monitor' | 'internet photo';
  readonly quality?: FaceQuality;
  readonly expression?: NonNullable<AttributesResponse['expression']>;
  /** Clockwise rotation of the face in the picture. */
  readonly faceAngle?: 0 | 90 | 180 | 270;
  readonly landmark?: Readonly<Record<'eyes' | 'mouth' | 'face' | 'eyebrow' | 'nose', readonly Point[]>>;
}

export interface DetectedFace {
  readonly box: BoundingBox;
  readonly attributes?: FaceAttributes;
}

export interface FaceTemplate {
  readonly box: BoundingBox;
  /** Unit length (L2), `EmbeddingModel.dimension` floats. */
  readonly vector: Float32Array;
  readonly quality: FaceQuality;
  /** How much of a person the vector holds, [0, 1]: about .8 for good photos, .5 where strangers look alike. */
  readonly recognisability: number;
  /** JPEG of the face, upright and aligned, 112 × 112 pixels, 10 kB at most; only where it was asked for. */
  readonly crop?: Uint8Array;
}

export interface EmbeddingModel {
  /** Names weights, preprocessing and what is done to vectors; those of different ids are never compared. */
  readonly id: string;
  /** 64..1024 */
  readonly dimension: number;
  /** Calibrated similarity in [0, 1] of a cosine, strictly monotone; 0.93 at FAR 1e-4. */
  similarity(cosine: number): number;
  /** A kept vector as it is searched and compared with: the cosine of this to a kept one is what `similarity` takes. */
  probe(kept: Float32Array): Float32Array;
  /** Share of pairs of two people whose cosine is at least this one, (0, 1]; measured, beyond the measured ones extrapolated. */
  falseMatchRate(cosine: number): number;
  /** The inverse of `falseMatchRate`; may be over 1: nobody passes. */
  cosineAtFalseMatchRate(rate: number): number;
  /** How much the kept vector that begins at `at` counts in a template of several photos, > 0: poor photos count less. */
  templateWeight(vectors: Float32Array, at: number): number;
  /** The inverse of `similarity`: the cosine of a threshold; -1 for 0 and below. */
  cosine(similarity: number): number;
}

/**
 * Pictures to faces. `image` is the file's bytes: JPEG, PNG or BMP by content. Throws FrsError: FRS.0016 not
 * such a picture or not decodable whole, FRS.0013 resolution outside the contract. Faces come largest first.
 * Work whose signal aborts ends soon and rejects with the signal's reason.
 */
export interface Vision {
  /** The embedding of new sets, and of comparisons. */
  readonly model: EmbeddingModel;
  /** An embedding by its id: also those that sets from before have. Undefined: no vectors of it can be made. */
  modelOf(id: string): EmbeddingModel | undefined;
  detect(
    image: Uint8Array,
    options?: { readonly attributes?: readonly AttributeCode[] },
    signal?: AbortSignal,
  ): Promise<DetectedFace[]>;
  /**
   * `model` is an embedding's id, default `model.id`. With `crops`, each face has its `crop`. A face has the same vector whether it is kept, searched with or compared.
   */
  describe(
    image: Uint8Array,
    options: { readonly faces: 'largest' | 'all'; readonly model?: string; readonly crops?: boolean },
    signal?: AbortSignal,
  ): Promise<FaceTemplate[]>;
}
