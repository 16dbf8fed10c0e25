import type { FieldSchema, FieldValues, Filter } from '@openfrs/contract';
import type { BoundingBox } from './vision.ts';

export interface FaceSetSpec {
  readonly name: string;
  readonly capacity: number;
  readonly fields: FieldSchema;
  /** The embedding model of every vector in the set, and its dimension. */
  readonly model: string;
  readonly dimension: number;
}

export interface FaceSet extends FaceSetSpec {
  readonly projectId: string;
  /** 8 letters. */
  readonly id: string;
  readonly createdAt: Date;
  /** Faces stored now. */
  readonly faceNumber: number;
}

export interface NewFace {
  readonly box: BoundingBox;
  readonly externalImageId: string;
  readonly fields: FieldValues;
  /** Unit length, the set's dimension. */
  readonly vector: Float32Array;
  /** JPEG, 10 kB at most; kept, sealed, where the store keeps crops, else dropped. */
  readonly crop?: Uint8Array;
}

export interface StoredFace {
  /** 8 letters, unique in the set. */
  readonly faceId: string;
  readonly box: BoundingBox;
  readonly externalImageId: string;
  readonly fields: FieldValues;
}

export interface SearchHit extends StoredFace {
  readonly cosine: number;
}

export interface SearchQuery {
  /**
   * Unit length; or the id of a face of the set whose vector is taken (FRS.0403 if it isn't there), by way of `toProbe`. The face
   * itself is the first hit, with cosine 1, if it passes the filter and hits aren't grouped.
   */
  readonly probe:
    | { readonly vector: Float32Array }
    | { readonly faceId: string; readonly toProbe?: (kept: Float32Array) => Float32Array };
  /** 1..1000 */
  readonly topN: number;
  /** Hits at or above it only. */
  readonly minCosine: number;
  readonly filter?: Filter;
  /** Beyond the reference: one hit a person, its vector the mean of the person's faces, weighted by `weightOf`. */
  readonly groupBy?: 'external_image_id';
  /** How much the face counts whose vector begins at `at`, > 0; default: all the same. */
  readonly weightOf?: (vectors: Float32Array, at: number) => number;
  /** Ends the search, which then throws its reason. */
  readonly signal?: AbortSignal;
}

/** Several searches in one: of each vector (unit length). */
export interface BatchQuery extends Omit<SearchQuery, 'probe'> {
  readonly vectors: readonly Float32Array[];
}

/**
 * Face sets and their faces, as records. Reads after an acknowledged write see it, from every instance: an added face is
 * found by the next search and list, a deleted one never again. Every method throws FRS.0302 when the set
 * doesn't exist (any more).
 */
export interface FaceRecords {
  /** Whether crops of faces are kept (FRS_STORE_CROPS): whoever adds faces has them made then. */
  readonly keepsCrops?: boolean;
  /** @throws FrsError FRS.0301 name taken, FRS.0305 `maxSets` reached (also under concurrent creates) */
  create(projectId: string, spec: FaceSetSpec, maxSets: number): Promise<FaceSet>;
  list(projectId: string): Promise<FaceSet[]>;
  get(projectId: string, name: string): Promise<FaceSet>;
  /** Answers at once; the faces are removed behind it, surely. */
  remove(projectId: string, name: string): Promise<void>;
  /**
   * All or none. With `once`, adding again under the same name adds nothing and answers what the first time did
   * (remembered for 30 days), also after a crash in between and from several instances at a time.
   * @throws FrsError FRS.0306 the capacity would be passed
   */
  add(set: FaceSet, faces: readonly NewFace[], options?: { readonly once?: string }): Promise<StoredFace[]>;
  /** In the order of adding. */
  page(set: FaceSet, offset: number, limit: number): Promise<StoredFace[]>;
  /** @throws FrsError FRS.0403 */
  find(set: FaceSet, faceId: string): Promise<StoredFace>;
  /** Merges `fields` over the stored ones. @throws FrsError FRS.0403 */
  update(
    set: FaceSet,
    faceId: string,
    change: { readonly externalImageId?: string; readonly fields?: FieldValues },
  ): Promise<void>;
}

/** What is found in them, by an index, beside the records. */
export interface FaceSets extends FaceRecords {
  /** Removes every face that matches; returns how many (0 if none). */
  removeMatching(set: FaceSet, filter: Filter): Promise<number>;
  /** Tells that the set will be searched soon: what that needs is brought into memory meanwhile. */
  prepare(set: FaceSet): void;
  /** Most similar first; ties by order of adding, but the face that is searched with comes before all others. */
  search(set: FaceSet, query: SearchQuery): Promise<SearchHit[]>;
  /** As `search`, of each vector, all as of one moment: one list for each, in their order. */
  searchMany(set: FaceSet, query: BatchQuery): Promise<SearchHit[][]>;
  /**
   * `get` and a `search` that follows it at once, in one: what is in memory may be searched while the set is looked up.
   * @param query the search, of the set as it was when it was last met and as it is found: its fields and model are asked
   *   for here, what it throws is thrown once the set is found
   */
  searchNamed(
    projectId: string,
    name: string,
    query: (set: FaceSetSpec) => SearchQuery,
  ): Promise<{ readonly set: FaceSet; readonly hits: SearchHit[] }>;
}
