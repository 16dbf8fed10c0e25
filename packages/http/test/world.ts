import { FrsError, newId } from '@openfrs/contract';
import {
  createAccount,
  createToken,
  type FaceQuality,
  type FaceTemplate,
  type Liveness,
  listDomains,
  listProjects,
  loginGuard,
  newSecretKey,
  type Objects,
  type Project,
  scryptInPool,
  secretKeys,
  type Vision,
} from '@openfrs/core';
import { faceAdd } from '@openfrs/core/operations/face-add.ts';
import { faceCompare } from '@openfrs/core/operations/face-compare.ts';
import { faceDelete } from '@openfrs/core/operations/face-delete.ts';
import { faceDeleteBatch } from '@openfrs/core/operations/face-delete-batch.ts';
import { faceDetect } from '@openfrs/core/operations/face-detect.ts';
import { faceList } from '@openfrs/core/operations/face-list.ts';
import { faceSearch } from '@openfrs/core/operations/face-search.ts';
import { faceSetCreate } from '@openfrs/core/operations/face-set-create.ts';
import { faceSetDelete } from '@openfrs/core/operations/face-set-delete.ts';
import { faceSetList } from '@openfrs/core/operations/face-set-list.ts';
import { faceSetShow } from '@openfrs/core/operations/face-set-show.ts';
import { faceUpdate } from '@openfrs/core/operations/face-update.ts';
import { liveDetect } from '@openfrs/core/operations/live-detect.ts';
import { liveDetectFace } from '@openfrs/core/operations/live-detect-face.ts';
import { subscriptionShow } from '@openfrs/core/operations/subscription-show.ts';
import { Hono } from 'hono';
import { memoryAccounts } from '../../core/test/memory-accounts.ts';
import { accountDoor, createAdmission, defaultDeadlines, door, notFound, openDoor } from '../src/index.ts';
import type { DoorEnv } from '../src/wire.ts';
import { memoryFaceSets } from './memory-face-sets.ts';

const fine: FaceQuality = { total: 0.9, blur: 0, pose: 0, occlusion: 0, illumination: 0 };

/**
 * A double of vision that reads its "pictures" as text: `faces:` and for each face an angle in degrees on the unit
 * circle, largest first, so that similarities are known beforehand.
 */
export function picture(...angles: number[]): Buffer {
  return Buffer.from(`faces:${angles.join(',')}`);
}

function facesIn(image: Uint8Array): FaceTemplate[] {
  const text = Buffer.from(image).toString();
  if (!text.startsWith('faces:')) throw new FrsError('FRS.0016');
  const angles = text.slice(6).split(',').filter(Boolean).map(Number);
  return angles.map((angle, at) => ({
    box: { topLeftX: 10 * at, topLeftY: 5, width: 100 - at, height: 100 - at },
    vector: Float32Array.from([Math.cos((angle / 180) * Math.PI), Math.sin((angle / 180) * Math.PI)]),
    quality: at === 0 ? fine : { ...fine, total: 0.2, blur: 0.8 },
  }));
}

const vision: Vision = {
  model: {
    id: 'circle',
    dimension: 2,
    similarity: (cosine) => (cosine + 1) / 2,
    cosine: (similarity) => similarity * 2 - 1,
  },
  detect: async (image, options) =>
    facesIn(image).map(({ box }) => ({
      box,
      ...(options?.attributes && {
        attributes: {
          pose: { yaw: 1, pitch: 2, roll: 3 },
          mask: 'none',
          landmark: { eyes: [{ x: 1, y: 2 }], mouth: [], face: [], eyebrow: [], nose: [] },
        },
      }),
    })),
  describe: async (image, { faces }) => (faces === 'largest' ? facesIn(image).slice(0, 1) : facesIn(image)),
};

const liveness: Liveness = {
  judgeVideo: async (video, { actions }) => {
    if (!Buffer.from(video).toString().startsWith('video')) throw new FrsError('FRS.0701');
    return { alive: true, actions: actions.map((action) => ({ action, confidence: 0.9 })), warnings: [] };
  },
  judgePhoto: async (image) => {
    const [face] = facesIn(image);
    if (!face) throw new FrsError('FRS.0707');
    return { alive: false, confidence: 0.25, picture: Buffer.from('jpeg'), warnings: [102, 106] };
  },
};

/** The service with doubles for its stores and models, one account in it and another beside it. */
export async function startWorld() {
  const accounts = memoryAccounts();
  const secrets = secretKeys(newSecretKey());
  const spec = { user: 'ann', password: 'correct horse', project: 'region-1', buckets: ['photos'] };
  const services = ['detect', 'compare', 'search', 'live_detect'] as const;
  const owner = await createAccount({ ...spec, domain: 'acme', services }, { accounts, secrets });
  const stranger = await createAccount({ ...spec, domain: 'other', services }, { accounts, secrets });
  const objects = new Map<string, Buffer>([['photos/one.jpg', picture(0)]]);
  const counts = new Map<string, number>();
  const reader: Pick<Objects, 'read'> = {
    async read(bucket, key, maxBytes) {
      const found = objects.get(`${bucket}/${key}`);
      if (!found) throw new FrsError('FRS.0024');
      if (found.length > maxBytes) throw new FrsError('FRS.0023');
      return found;
    },
  };
  const rateLimits = {
    async hit(projectId: string, operation: string) {
      const key = `${projectId}/${operation}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return counts.get(key) ?? 0;
    },
  };
  const identity = { accounts, secrets, publicHosts: [], trustForwardedHost: false };
  const ports = {
    identity,
    accounts,
    secrets,
    logins: loginGuard(rateLimits),
    loginQueue: {
      checkCapacity: () => {},
      run: <Result>(_login: object, work: () => Promise<Result>) => work(),
    },
    derivation: scryptInPool,
    rateLimits,
    deadlines: defaultDeadlines,
    admission: createAdmission({ running: 2, waiting: 100, bodyBytes: 64 * 1024 * 1024 }),
    now: () => new Date(),
    faceSets: memoryFaceSets(),
    objects: reader,
    mediaHosts: ['storage.example.com'],
    vision,
    liveness,
    model: vision.model,
  };
  const world = () => ports;
  const doors = [
    door('face-detect', faceDetect, world),
    door('face-compare', faceCompare, world),
    door('live-detect', liveDetect, world),
    door('live-detect-face', liveDetectFace, world),
    door('face-set-create', faceSetCreate, world),
    door('face-set-list', faceSetList, world),
    door('face-set-show', faceSetShow, world),
    door('face-set-delete', faceSetDelete, world),
    door('face-search', faceSearch, world),
    door('face-add', faceAdd, world),
    door('face-list', faceList, world),
    door('face-update', faceUpdate, world),
    door('face-delete', faceDelete, world),
    door('face-delete-batch', faceDeleteBatch, world),
    door('subscription-show', subscriptionShow, world),
  ];
  const app = new Hono<DoorEnv>();
  app.notFound(notFound);
  for (const one of doors) app.route('/', one);
  const token = async ({
    body,
    source,
    ports: given,
  }: {
    body: unknown;
    source: string;
    ports: typeof ports;
  }) => {
    const made = await createToken(body, { source, now: given.now() }, given);
    return { status: 201, body: made.body, headers: { 'X-Subject-Token': made.token } };
  };
  app.route(
    '/',
    openDoor('token-create', token, () => ports),
  );
  app.route(
    '/',
    accountDoor(
      'project-list',
      (caller, { query, place }) => listProjects(caller, query, place, ports),
      () => ports,
    ),
  );
  app.route(
    '/',
    accountDoor(
      'domain-list',
      (caller, { place }) => listDomains(caller, place, ports),
      () => ports,
    ),
  );

  const login = async (domain: string, scope?: object) => {
    const user = { name: 'ann', password: 'correct horse', domain: { name: domain } };
    const identityBody = { methods: ['password'], password: { user } };
    const body = JSON.stringify({ auth: { identity: identityBody, ...(scope && { scope }) } });
    return await app.request('/v3/auth/tokens', { method: 'POST', body });
  };
  const scope = { project: { name: 'region-1' } };
  const tokenOf = async (domain: string) => (await login(domain, scope)).headers.get('X-Subject-Token') ?? '';
  const ownToken = await tokenOf('acme');
  return {
    app,
    accounts,
    owner,
    stranger,
    objects,
    ports,
    login,
    ownToken,
    otherToken: await tokenOf('other'),
    base: `/v2/${owner.projectId}`,
    async changeProject(change: Partial<Project>) {
      const project = await accounts.project(owner.projectId);
      if (!project) throw new Error('no project');
      await accounts.putProject({ ...project, ...change }, 'existing');
      return project;
    },
    /** Sends one request with the owner's token; JSON unless the body is a form. */
    async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const raw =
        body === undefined ||
        typeof body === 'string' ||
        body instanceof FormData ||
        body instanceof Uint8Array;
      const response = await app.request(path, {
        method,
        headers: { 'X-Auth-Token': ownToken, ...headers },
        ...(body !== undefined && { body: raw ? (body as BodyInit) : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: JSON.parse(text || 'null') };
    },
    newName: () => `set-${newId()}`,
  };
}
export type World = Awaited<ReturnType<typeof startWorld>>;
