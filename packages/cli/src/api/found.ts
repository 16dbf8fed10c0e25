import { defaultPathField, pathOfValue } from '@openfrs/contract/path-value';
import type { Box } from '../terminal/box-text.ts';

/** A face of a detection, or a candidate of a search. */
export interface Found {
  readonly bounding_box: Box;
  readonly similarity?: number;
  readonly false_match_probability?: number;
  readonly external_image_id?: string;
  readonly face_id?: string;
  readonly external_fields?: Readonly<Record<string, unknown>>;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** Of a detection or a search. */
export interface Answer {
  readonly faces: readonly Found[];
  /** Each face of the photo, where all were searched for. */
  readonly results?: readonly {
    readonly bounding_box: Box;
    readonly faces: readonly Found[];
  }[];
  /** Where the searched face is on the photo, where that was asked for. */
  readonly searched?: Box;
}

/** The path of the photo that was enrolled, as `openfrs enrol` keeps it. */
export function enrolledPath({ external_fields }: Pick<Found, 'external_fields'>): string | undefined {
  const value = external_fields?.[defaultPathField];
  return typeof value === 'string' ? pathOfValue(value) : undefined;
}
