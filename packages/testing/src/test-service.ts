import { FrsError, newId } from '@openfrs/contract';
import {
  createAccount,
  type FaceQuality,
  type FaceTemplate,
  type Liveness,
  newSecretKey,
  type Objects,
  type Project,
  readConfig,
  type Vision,
} from '@openfrs/core';
import { defaultDeadlines, type OnRequest } from '@openfrs/http';
import { allOperations, createService, parts } from '@openfrs/service';
import { memoryAccounts } from './memory-accounts.ts';
import { memoryFaceSets } from './memory-face-sets.ts';
import { quickDerivation } from './passwords.ts';

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
    recognisability: 1,
  }));
}

const model: Vision['model'] = {
  id: 'circle',
  dimension: 2,
  probe: (kept) => kept,
  templateWeight: () => 1,
  falseMatchRate: (cosine) => Math.max(1e-9, 10 ** ((-4 * (cosine + 1)) / 2)),
  cosineAtFalseMatchRate: (rate) => (Math.log10(rate) / -4) * 2 - 1,
  similarity: (cosine) => (cosine + 1) / 2,
  cosine: (similarity) => similarity * 2 - 1,
};

const vision: Vision = {
  model,
  modelOf: (id) => (id === model.id ? model : undefined),
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

const liveness: Liveness & { reportVideo(): Promise<object> } = {
  reportVideo: async () => ({}),
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

const config = readConfig({
  FRS_SECRET_KEY: newSecretKey(),
  FRS_MEDIA_HOSTS: 'storage.example.com',
  FRS_HEAVY_RUNNING: '2',
  FRS_HEAVY_WAITING: '100',
  FRS_BODY_BYTES: String(64 * 1024 * 1024),
});

/** The service with doubles for its stores and models, one account in it and another beside it. */
export async function startTestService(onRequest?: OnRequest) {
  const accounts = memoryAccounts();
  const objects = new Map<string, Buffer>([['photos/one.jpg', picture(0)]]);
  const counts = new Map<string, number>();
  const tokenUses = new Map<string, Date>();
  const reader: Pick<Objects, 'read'> = {
    async read(bucket, key, maxBytes) {
      const found = objects.get(`${bucket}/${key}`);
      if (!found) throw new FrsError('FRS.0024');
      if (found.length > maxBytes) throw new FrsError('FRS.0023');
      return found;
    },
  };
  const deadlines = { ...defaultDeadlines };
  const { app, resolve } = createService(config, {
    operations: Object.values(allOperations),
    ...(onRequest && { onRequest }),
    overrides: {
      accounts: () => accounts,
      // A change is seen at once.
      cachedAccounts: () => accounts,
      deadlines: () => deadlines,
      keyDerivation: () => quickDerivation,
      rateLimits: () => ({
        async hit(projectId: string, operation: string) {
          const key = `${projectId}/${operation}`;
          counts.set(key, (counts.get(key) ?? 0) + 1);
          return counts.get(key) ?? 0;
        },
      }),
      tokenUses: () => ({
        note: (id: string, now: Date) => void tokenUses.set(id, now),
        lastUses: async () => tokenUses,
        forget: async (ids: readonly string[]) => {
          for (const id of ids) tokenUses.delete(id);
        },
      }),
      loginQueue: () => ({ lookUp: (_source, work) => work(), run: (_, work) => work() }),
      faceSets: () => ({
        ...memoryFaceSets(),
        whenIdle: async () => {},
        inMemory: () => [],
        bytesInMemory: () => 0,
        crops: async () => new Map(),
      }),
      media: () => ({ objects: reader, mediaHosts: config.mediaHosts, uploadBucket: config.mediaBucket }),
      vision: async () => vision,
      liveness: async () => liveness,
      model: async () => vision.model,
    },
  });
  const spec = { user: 'ann', password: 'correct horse', project: 'region-1', buckets: ['photos'] };
  const services = ['detect', 'compare', 'search', 'live_detect'] as const;
  const deps = { accounts, secrets: resolve(parts.secrets), derivation: quickDerivation };
  const owner = await createAccount({ ...spec, domain: 'acme', services }, deps);
  const stranger = await createAccount({ ...spec, domain: 'other', services }, deps);

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
    mediaBucket: config.mediaBucket,
    resolve,
    /** What tests change and watch, while the service runs. */
    admission: resolve(parts.admission),
    deadlines,
    tokenUses,
    vision,
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
export type TestService = Awaited<ReturnType<typeof startTestService>>;
