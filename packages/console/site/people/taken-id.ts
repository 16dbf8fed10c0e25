import type { Api } from '../api/api.ts';
import { type Person, peopleOf } from './group.ts';
import { facesMatching } from './lookup.ts';

/** Who has an `external_image_id` in a set: whoever else gets it becomes the same person for good. @throws ApiError */
export async function personWithId(api: Api, set: string, id: string): Promise<Person | undefined> {
  return peopleOf(await facesMatching(api, set, `external_image_id:${id}`))[0];
}
