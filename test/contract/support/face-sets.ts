import { newId } from '@openfrs/contract';
import type { Account } from '../../support/account.ts';
import { done } from './client.ts';

export interface FaceSetBody {
  readonly face_number: number;
  readonly face_set_id: string;
  readonly face_set_name: string;
  readonly create_date: string;
  readonly face_set_capacity: number;
  readonly external_fields: Readonly<Record<string, { readonly type: string }>>;
}

export interface FaceBody {
  readonly face_id: string;
  readonly external_image_id: string;
  readonly external_fields: Readonly<Record<string, unknown>>;
  readonly bounding_box: Readonly<Record<string, number>>;
  readonly similarity: number;
}

/** Creates a face set for the length of some work; a project may have only ten. */
export async function withFaceSet(
  fields: Readonly<Record<string, string>>,
  work: (name: string) => Promise<void>,
  account?: Account,
): Promise<void> {
  const name = newFaceSetName();
  const external_fields = Object.fromEntries(Object.entries(fields).map(([key, type]) => [key, { type }]));
  const whose = account ? { account } : {};
  await done('face-set-create', { json: { face_set_name: name, external_fields }, ...whose });
  try {
    await work(name);
  } finally {
    await done('face-set-delete', { set: name, ...whose });
  }
}

export function newFaceSetName(): string {
  return `contract-${newId()}`;
}

export async function facesOf(set: string, query = 'limit=1000'): Promise<FaceBody[]> {
  return (await done<{ faces: FaceBody[] }>('face-list', { set, query })).faces;
}
