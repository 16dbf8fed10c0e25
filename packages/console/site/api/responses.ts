/** What the pages read of the service's responses. */
export interface Box {
  readonly top_left_x: number;
  readonly top_left_y: number;
  readonly width: number;
  readonly height: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface FoundFace {
  readonly bounding_box: Box;
  readonly attributes?: {
    readonly yaw_angle?: number;
    readonly pitch_angle?: number;
    readonly roll_angle?: number;
    readonly quality?: { readonly total_score: number; readonly recognizability?: number };
    readonly [name: string]: unknown;
  };
  readonly landmark?: Readonly<Record<string, readonly Point[]>>;
}

export type FieldType = 'string' | 'integer' | 'float' | 'double' | 'boolean' | 'long';

export interface FaceSetInfo {
  readonly face_set_name: string;
  readonly face_set_id: string;
  readonly face_number: number;
  readonly face_set_capacity: number;
  readonly create_date: string;
  readonly external_fields: Readonly<Record<string, { readonly type: FieldType }>>;
}

export interface SetFace {
  readonly face_id: string;
  readonly external_image_id: string;
  readonly bounding_box: Box;
  readonly external_fields: Readonly<Record<string, FieldValue>>;
  readonly similarity?: number;
  /** How probably somebody who isn't in the set ranks first with this similarity or more. */
  readonly false_match_probability?: number;
}

/** A `long` beyond 2^53 is a bigint. */
export type FieldValue = string | number | bigint | boolean;
