import { readFileSync } from 'node:fs';
import { type OperationName, operation } from '@openfrs/contract';
import type { Deployment } from '../../cloud/lambda/deployment.ts';
import { photo } from '../../support/photos.ts';
import { sharedData } from '../../support/shared-data.ts';

/** One operation as a client asks for it; may be called again and again. */
export interface OperationCall {
  readonly name: OperationName;
  /** What a call uses up is made here, by other operations. */
  readonly prepare?: () => Promise<unknown>;
  readonly call: () => Promise<unknown>;
}

/** The photo of all calls: three faces. */
export const picture = photo(1);

/** The second of video that live-detect is asked with; absent without the shared data. */
export function clip(): Buffer | undefined {
  const file = sharedData('clips/lim_1s.mp4');
  return file === undefined ? undefined : readFileSync(file);
}

/** Every operation, over HTTP, with a token of the deployment's account; `live-detect` only where there is a clip. */
export async function operationCalls(cloud: Deployment): Promise<OperationCall[]> {
  const { FRS_USER, FRS_PASSWORD, FRS_DOMAIN, FRS_REGION, FRS_PROJECT_ID = '' } = cloud.credentials;
  let token = '';
  async function call(
    name: OperationName,
    { body, query = '', set = 'people' }: { body?: unknown; query?: string; set?: string } = {},
  ): Promise<unknown> {
    const { method, paths } = operation(name);
    const path = paths[0].replace('{project_id}', FRS_PROJECT_ID).replace('{face_set_name}', set);
    const answer = await fetch(cloud.endpoint + path + query, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-Auth-Token': token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) {
      // What the function's process said where it gave no answer of its own.
      const said = decodeURIComponent(answer.headers.get('x-lambda-error') ?? '');
      throw new Error(`${name}: ${await answer.text()} ${said}`);
    }
    token = answer.headers.get('X-Subject-Token') ?? token;
    return await answer.json();
  }
  const user = { name: FRS_USER, password: FRS_PASSWORD, domain: { name: FRS_DOMAIN } };
  const identity = { methods: ['password'], password: { user } };
  const login = { auth: { identity, scope: { project: { name: FRS_REGION } } } };
  const image_base64 = picture.toString('base64');
  const video = clip();
  let made = 0;
  const add = (external_image_id: string) =>
    call('face-add', { body: { image_base64, single: true, external_image_id } });
  await call('token-create', { body: login });
  await call('face-set-create', { body: { face_set_name: 'people' } });
  const added = (await add('first')) as { readonly faces: readonly { readonly face_id: string }[] };
  const face_id = added.faces[0]?.face_id;
  const compared = { image1_base64: image_base64, image2_base64: image_base64 };
  const calls: readonly (OperationCall | undefined)[] = [
    { name: 'token-create', call: () => call('token-create', { body: login }) },
    { name: 'face-detect', call: () => call('face-detect', { body: { image_base64 } }) },
    { name: 'face-compare', call: () => call('face-compare', { body: compared }) },
    { name: 'face-add', call: () => add('first') },
    { name: 'face-search', call: () => call('face-search', { body: { image_base64, top_n: 10 } }) },
    { name: 'face-list', call: () => call('face-list', { query: '?offset=0&limit=10' }) },
    { name: 'live-detect-face', call: () => call('live-detect-face', { body: { image_base64 } }) },
    video && {
      name: 'live-detect',
      call: () => call('live-detect', { body: { video_base64: video.toString('base64'), actions: '1' } }),
    },
    { name: 'live-challenge-create', call: () => call('live-challenge-create') },
    {
      name: 'face-update',
      call: () => call('face-update', { body: { face_id, external_image_id: 'first' } }),
    },
    {
      name: 'face-delete',
      prepare: () => add('spare'),
      call: () => call('face-delete', { query: '?external_image_id=spare' }),
    },
    {
      name: 'face-delete-batch',
      prepare: () => add('spares'),
      call: () => call('face-delete-batch', { body: { filter: 'external_image_id:spares' } }),
    },
    {
      name: 'face-set-create',
      // A project has room for few sets: the last one goes first.
      prepare: async () => {
        if (made > 0) await call('face-set-delete', { set: `set-${made - 1}` });
      },
      call: () => call('face-set-create', { body: { face_set_name: `set-${made++}` } }),
    },
    { name: 'face-set-list', call: () => call('face-set-list') },
    { name: 'face-set-show', call: () => call('face-set-show') },
    {
      name: 'face-set-delete',
      prepare: () => call('face-set-create', { body: { face_set_name: 'spare' } }),
      call: () => call('face-set-delete', { set: 'spare' }),
    },
    { name: 'upload-create', call: () => call('upload-create') },
    { name: 'subscription-show', call: () => call('subscription-show') },
    { name: 'project-list', call: () => call('project-list') },
    { name: 'domain-list', call: () => call('domain-list') },
  ];
  return calls.filter((one) => one !== undefined);
}
