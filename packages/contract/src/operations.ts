/** What an operation touches: the cloud's policies, memory, layers and time limits follow from these. */
export type Need =
  | 'vision'
  | 'video'
  | 'media'
  /** Lets the caller put a file into the media bucket. */
  | 'uploads'
  /** Issues or redeems liveness challenges. */
  | 'challenges'
  /** Hashes a password, a quarter of a second's work of one core. */
  | 'passwords'
  | 'face-sets:read'
  | 'face-sets:write'
  | 'faces:read'
  | 'faces:write';

/** The subscribable services of `GET /v1/{project_id}/subscribe` (FRS.0020 when not subscribed). */
export type Service = 'detect' | 'compare' | 'search' | 'live_detect';

export interface Operation {
  /** The function's file name: `functions/<name>.ts`. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path templates with `{project_id}` and `{face_set_name}`; the first is the documented one. */
  readonly paths: readonly [string, ...string[]];
  /** `project`: a project-scoped credential of the path's project; `account`: any valid one; `none`: open. */
  readonly auth: 'project' | 'account' | 'none';
  /** The sub-service whose subscription is checked; absent for operations that need none. */
  readonly service?: Service;
  /** How a body may come; absent: no body is read (one that is sent is hashed for the signature only). */
  readonly body?: 'json' | 'json-or-multipart';
  readonly needs: readonly Need[];
  readonly summary: string;
}

const project = '/v2/{project_id}';
const set = `${project}/face-sets/{face_set_name}`;

/**
 * The table of operations: the one list that drives the operations of `packages/service`, the functions,
 * sst.config.ts, the OpenAPI document and the tests. Adding an operation is adding a row here, a schema,
 * a use case and a handler.
 */
export const operations = [
  {
    name: 'face-detect',
    method: 'POST',
    paths: [`${project}/face-detect`],
    auth: 'project',
    service: 'detect',
    body: 'json-or-multipart',
    needs: ['vision', 'media'],
    summary: 'Detect faces',
  },
  {
    name: 'face-compare',
    method: 'POST',
    paths: [`${project}/face-compare`],
    auth: 'project',
    service: 'compare',
    body: 'json-or-multipart',
    needs: ['vision', 'media'],
    summary: 'Compare two faces',
  },
  {
    name: 'live-detect',
    method: 'POST',
    paths: [`${project}/live-detect`, '/v1/{project_id}/live-detect'],
    auth: 'project',
    service: 'live_detect',
    body: 'json-or-multipart',
    needs: ['vision', 'video', 'media', 'challenges'],
    summary: 'Action liveness of a video',
  },
  {
    name: 'live-challenge-create',
    method: 'POST',
    paths: [`${project}/live-detect/challenges`],
    auth: 'project',
    service: 'live_detect',
    needs: ['challenges'],
    summary: 'Get random actions to ask a person for, good for one video (beyond the reference)',
  },
  {
    name: 'live-detect-face',
    method: 'POST',
    paths: ['/v1/{project_id}/live-detect-face'],
    auth: 'project',
    service: 'live_detect',
    body: 'json-or-multipart',
    needs: ['vision', 'media'],
    summary: 'Silent liveness of a photo',
  },
  {
    name: 'face-set-create',
    method: 'POST',
    paths: [`${project}/face-sets`],
    auth: 'project',
    service: 'search',
    body: 'json',
    needs: ['face-sets:write'],
    summary: 'Create a face set',
  },
  {
    name: 'face-set-list',
    method: 'GET',
    paths: [`${project}/face-sets`],
    auth: 'project',
    service: 'search',
    needs: ['face-sets:read'],
    summary: 'List face sets',
  },
  {
    name: 'face-set-show',
    method: 'GET',
    paths: [set],
    auth: 'project',
    service: 'search',
    needs: ['face-sets:read'],
    summary: 'Show a face set',
  },
  {
    name: 'face-set-delete',
    method: 'DELETE',
    paths: [set],
    auth: 'project',
    service: 'search',
    needs: ['face-sets:write'],
    summary: 'Delete a face set',
  },
  {
    name: 'face-search',
    method: 'POST',
    paths: [`${set}/search`],
    auth: 'project',
    service: 'search',
    body: 'json-or-multipart',
    needs: ['vision', 'media', 'faces:read'],
    summary: 'Search a face set',
  },
  {
    name: 'face-add',
    method: 'POST',
    paths: [`${set}/faces`],
    auth: 'project',
    service: 'search',
    body: 'json-or-multipart',
    needs: ['vision', 'media', 'faces:write'],
    summary: 'Add faces',
  },
  {
    name: 'face-list',
    method: 'GET',
    paths: [`${set}/faces`],
    auth: 'project',
    service: 'search',
    needs: ['faces:read'],
    summary: 'List faces',
  },
  {
    name: 'face-update',
    method: 'PUT',
    paths: [`${set}/faces`],
    auth: 'project',
    service: 'search',
    body: 'json',
    needs: ['faces:write'],
    summary: 'Update a face',
  },
  {
    name: 'face-delete',
    method: 'DELETE',
    paths: [`${set}/faces`],
    auth: 'project',
    service: 'search',
    needs: ['faces:write'],
    summary: 'Delete faces by field',
  },
  {
    name: 'face-delete-batch',
    method: 'DELETE',
    paths: [`${set}/faces/batch`],
    auth: 'project',
    service: 'search',
    body: 'json',
    needs: ['faces:write'],
    summary: 'Delete faces by filter',
  },
  {
    name: 'upload-create',
    method: 'POST',
    paths: ['/v1/{project_id}/uploads'],
    auth: 'project',
    needs: ['uploads'],
    summary: 'Get a form to upload a picture or video with (beyond the reference)',
  },
  {
    name: 'subscription-show',
    method: 'GET',
    paths: ['/v1/{project_id}/subscribe'],
    auth: 'project',
    needs: [],
    summary: 'Show the subscriptions',
  },
  {
    name: 'token-create',
    method: 'POST',
    paths: ['/v3/auth/tokens'],
    auth: 'none',
    body: 'json',
    needs: ['passwords'],
    summary: 'Get a token',
  },
  {
    name: 'project-list',
    method: 'GET',
    paths: ['/v3/projects', '/v3/auth/projects'],
    auth: 'account',
    needs: [],
    summary: 'List projects',
  },
  {
    name: 'domain-list',
    method: 'GET',
    paths: ['/v3/auth/domains'],
    auth: 'account',
    needs: [],
    summary: 'List account domains',
  },
] as const satisfies readonly Operation[];

export type OperationName = (typeof operations)[number]['name'];

/** The row of the table with that name. */
export function operation(name: OperationName): Operation {
  return operations.find((row) => row.name === name) as Operation;
}
