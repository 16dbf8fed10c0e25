import { afterAll, expect, test, vi } from 'vitest';
import { type Api, ApiError } from '../api/api.ts';
import type { ApiRequest } from '../api/request.ts';
import type { FaceSetInfo } from '../api/responses.ts';
import { FacePhotos } from '../pictures/face-photos.ts';
import { Enrolments } from './enrolment-run.ts';

// Node draws no pictures: a photo that the browser can't read is sent as it is.
vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('no picture')));
afterAll(() => vi.unstubAllGlobals());

const info = (face_set_id: string): FaceSetInfo => ({
  face_set_id,
  face_set_name: face_set_id,
  face_set_capacity: 10_000,
  face_number: 0,
  external_fields: { file: { type: 'string' } },
  create_date: '',
});
const box = { top_left_x: 0, top_left_y: 0, width: 1, height: 1 };
const bodies: Readonly<Record<string, unknown>> = {
  'face-detect': { faces: [{ bounding_box: box }] },
  'face-compare': { similarity: 0.5 },
  'face-sets/staff/search': { faces: [] },
  'face-sets/staff/faces': { faces: [{ face_id: 'AbCdEfGh' }] },
};

/** A service that knows no more than one photo of each face. */
function service(refuse: (request: ApiRequest) => number | undefined = () => undefined) {
  const sent: string[] = [];
  const api = {
    call: async (request: ApiRequest) => {
      sent.push(request.path);
      const status = refuse(request);
      const entry = { request, status: status ?? 200, milliseconds: 1, body: bodies[request.path] };
      if (status !== undefined) throw new ApiError('APIG.0301', '', entry, 0);
      return entry;
    },
  } as unknown as Api;
  return { enrolments: new Enrolments(api, new FacePhotos()), sent };
}

const photos = (...paths: string[]) =>
  paths.map((path, index) => ({ path, file: new File([`${index}`], '1.jpg', { type: 'image/jpeg' }) }));

test('an enrolment is found again as it has gone on, each set its own', async () => {
  const { enrolments } = service();
  const run = enrolments.of(info('staff'));
  await run.addFiles(photos('ann/1.jpg', 'eve/1.jpg'));
  const enrolling = run.enrol();
  expect(enrolments.isRunning).toBe(true);
  expect(enrolments.of(info('guests')).state.candidates).toEqual([]);
  await enrolling;
  expect(enrolments.isRunning).toBe(false);
  expect(enrolments.of(info('staff')).state.candidates.map(({ state }) => state)).toEqual(['added', 'added']);
});

test('photos of two archives with the same path are each their own', async () => {
  const run = service().enrolments.of(info('staff'));
  await run.addFiles(photos('ann/1.jpg', 'ann/1.jpg'));
  run.choose(1, false);
  expect(run.state.candidates.map(({ wanted }) => wanted)).toEqual([true, false]);
});

test('a check that the service did not answer can be repeated, and marks no photo wrong', async () => {
  let isOut = true;
  const run = service(() => (isOut ? 401 : undefined)).enrolments.of(info('staff'));
  await run.addFiles(photos('ann/1.jpg'));
  await run.check();
  expect(run.state.candidates[0]).toMatchObject({ wanted: false, error: expect.any(ApiError) });
  expect(run.state.candidates[0]?.checked).toBeUndefined();
  isOut = false;
  await run.check();
  expect(run.state.candidates[0]).toMatchObject({
    wanted: true,
    error: undefined,
    checked: { findings: [] },
  });
});

test('photos of one person that are unlike are left out until somebody says otherwise', async () => {
  const run = service().enrolments.of(info('staff'));
  await run.addFiles(photos('ann/1.jpg', 'ann/2.jpg'));
  await run.check();
  const found = run.state.candidates.map(({ wanted, checked }) => [wanted, checked?.findings]);
  expect(found).toContainEqual([true, []]);
  expect(found).toContainEqual([false, [{ kind: 'unlike', as: expect.any(String), similarity: 0.5 }]]);
});

test('what is still being read can not be enrolled meanwhile, and what is enrolled can not be planned anew', async () => {
  const { enrolments, sent } = service();
  const run = enrolments.of(info('staff'));
  await run.addFiles(photos('ann/1.jpg'));
  const reading = run.addFiles(photos('eve/1.jpg'));
  await run.enrol();
  expect(sent).toEqual([]);
  await reading;
  const enrolling = run.enrol();
  await run.addFiles(photos('zoe/1.jpg'));
  await enrolling;
  expect(run.state.candidates.map(({ state }) => state)).toEqual(['added', 'added']);
});

test('a set that the run has filled is searched, though it was empty when the page was loaded', async () => {
  const { enrolments, sent } = service();
  const run = enrolments.of(info('staff'));
  await run.addFiles(photos('ann/1.jpg'));
  await run.enrol();
  run.clear();
  await run.addFiles(photos('ann/1.jpg'));
  await run.check();
  expect(sent.some((path) => path.endsWith('/search'))).toBe(true);
});

test('what was added without an answer is found before it is sent again, in the same run and in a later one', async () => {
  const faces: { face_id: string; external_image_id: string }[] = [];
  let isLost = true;
  const api = {
    call: async (request: ApiRequest) => {
      const id = String(request.form?.external_image_id ?? request.form?.filter).replace(/^.*:/, '');
      if (request.path.endsWith('/search'))
        return { body: { faces: faces.filter(({ external_image_id }) => external_image_id === id) } };
      faces.push({ face_id: `face${faces.length + 1}`, external_image_id: id });
      if (isLost) throw new TypeError('The answer was lost.');
      return { body: { faces: faces.slice(-1) } };
    },
  } as unknown as Api;
  const run = new Enrolments(api, new FacePhotos()).of(info('staff'));
  await run.addFiles(photos('ann/1.jpg'));
  await run.enrol();
  expect(run.state.candidates).toMatchObject([{ state: 'added', faceId: 'face1' }]);
  // Ended before it could ask: the next run asks first.
  run.clear();
  await run.addFiles(photos('eve/1.jpg'));
  const ended = run.enrol();
  await vi.waitFor(() => expect(faces.length).toBe(2));
  run.end();
  await ended;
  expect(run.state.candidates).toMatchObject([
    { state: 'failed', unanswered: { error: expect.any(TypeError) } },
  ]);
  isLost = false;
  await run.enrol();
  expect(run.state.candidates).toMatchObject([{ state: 'added', faceId: 'face2' }]);
  expect(faces.length).toBe(2);
});

test.each([
  ['a connection that broke', () => new TypeError('The answer was lost.')],
  [
    "a gateway's 504",
    (request: ApiRequest) =>
      new ApiError('', '', { request, status: 504, milliseconds: 29_000, body: '' }, 0),
  ],
])('a request that goes on behind %s adds nobody twice', async (_, lost) => {
  vi.useFakeTimers();
  try {
    let adds = 0;
    const faces: { face_id: string }[] = [];
    const api = {
      call: async (request: ApiRequest) => {
        if (request.path.endsWith('/search')) return { body: { faces } };
        adds += 1;
        setTimeout(() => faces.push({ face_id: `face${adds}` }), 40_000);
        throw lost(request);
      },
    } as unknown as Api;
    const run = new Enrolments(api, new FacePhotos()).of(info('staff'));
    await run.addFiles(photos('ann/1.jpg'));
    const enrolling = run.enrol();
    await vi.waitFor(() => expect(adds).toBe(1));
    await vi.advanceTimersByTimeAsync(60_000);
    await enrolling;
    expect(run.state.candidates).toMatchObject([{ state: 'added', faceId: 'face1' }]);
    expect(adds).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});
