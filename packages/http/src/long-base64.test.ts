import { parseJsonBody } from '@openfrs/contract';
import { picture, startTestService, type TestService } from '@openfrs/testing/test-service';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MemoryBudget } from './admission/memory-budget.ts';
import { areMedia, decodeTexts, shortenJson } from './long-base64.ts';

const never = new AbortController().signal;
const file = (bytes: number) => Buffer.from(Uint8Array.from({ length: bytes }, (_, at) => (at * 7919) >> 3));
const text = file(100_001).toString('base64');

/** What a body's media are, by parameter; undefined where it is read as a whole. */
async function read(body: Uint8Array) {
  const short = shortenJson(body);
  if (short === undefined) return undefined;
  const given = parseJsonBody(short.json);
  const decoded = areMedia(given, short.texts) ? await decodeTexts(short.texts, never) : undefined;
  if (decoded === undefined) return undefined;
  const whole = Object.entries(given).map(([key, value]) => {
    const media = decoded.media.get(String(value));
    return [key, media ? Buffer.from(media.bytes).toString('base64') : value];
  });
  return Object.fromEntries(whole) as unknown;
}

it.each([1, 2, 3])('decodes what the whole body says, %s bytes of padding less', async (more) => {
  const long = file(3_000_000 + more).toString('base64');
  const request = { filter: 'a"\\', image1_base64: long, top_n: 12, image2_base64: text, x: ['é'] };
  const body = Buffer.from(` ${JSON.stringify(request, undefined, 1)}\n`);
  expect((await read(body)) === undefined).toBe(false);
  expect(await read(body)).toEqual(parseJsonBody(body));
});

it.each([
  ['short', `{"image_base64":"${text.slice(0, 4000)}"}`],
  ['of another parameter', `{"filter":"${text}"}`],
  ['in a list', `{"image_base64":["${text}"]}`],
  ['a key', `{"${text}":1}`],
  ['given twice', `{"image_base64":"${text}","image_base64":"${text}"}`],
  ['with escapes', `{"image_base64":"${text.replaceAll('/', '\\/')}"}`],
  ['of the URL alphabet', `{"image_base64":"${text.replaceAll('/', '_').replaceAll('+', '-')}"}`],
  ['in lines', `{"image_base64":"${text.slice(0, 76)}\n${text.slice(76)}"}`],
  ['with padding in it', `{"image_base64":"${text}${text}"}`],
  ['cut off', `{"image_base64":"${text.slice(0, -1)}"}`],
  ['without an end', `{"image_base64":"${text}`],
  ['beyond ASCII', `{"image_base64":"${text.slice(0, -4)}éé"}`],
  ['larger than a picture may be', `{"image_base64":"${'A'.repeat(8 * 1024 * 1024 + 4)}"}`],
])('leaves to the reader of all of it a text that is %s', async (_, body) => {
  expect(await read(Buffer.from(body))).toBeUndefined();
});

it('lets the event loop run between slices, and ends when nobody waits any more', async () => {
  const body = Buffer.from(JSON.stringify({ image_base64: file(6_000_000).toString('base64') }));
  const { texts } = shortenJson(body) ?? { texts: new Map() };
  let turns = 0;
  let over = false;
  const turn = () => {
    turns += 1;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  await decodeTexts(texts, never);
  over = true;
  expect(turns).toBeGreaterThanOrEqual(7);
  const left = new AbortController();
  const decoding = decodeTexts(texts, left.signal);
  left.abort(new Error('left'));
  await expect(decoding).rejects.toThrow('left');
});

it('counts the file and not its text from then on, and frees it with the reservation', async () => {
  const { texts } = shortenJson(Buffer.from(`{"image_base64":"${text}"}`)) ?? { texts: new Map() };
  const budget = new MemoryBudget(1e9);
  const reservation = budget.reserve();
  reservation.add(text.length);
  const decoded = await decodeTexts(texts, never);
  decoded?.hold(reservation);
  expect(budget.reserved).toBe(100_001);
  reservation.release();
  expect([budget.reserved, ...[...(decoded?.media.values() ?? [])].map(({ bytes }) => bytes.length)]).toEqual(
    [0, 0],
  );
});

describe('a request with a picture as Base64', () => {
  let service: TestService;
  beforeAll(async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
    service = await startTestService();
  });
  afterAll(() => vi.restoreAllMocks());
  const send = async (json: string) => {
    const { status, body } = await service.send('POST', `${service.base}/face-detect`, Buffer.from(json));
    return body.error_code ?? status;
  };
  const padded = (bytes: number) => Buffer.concat([picture(0), Buffer.alloc(bytes)]).toString('base64');

  it('is answered, and none of its text is ever one of JavaScript', async () => {
    const decode = vi.spyOn(TextDecoder.prototype, 'decode');
    const parse = vi.spyOn(JSON, 'parse');
    expect(await send(`{"image_base64":"${padded(5_000_000)}"}`)).toBe(200);
    const decoded = decode.mock.calls.map(([bytes]) => bytes?.byteLength ?? 0);
    const parsed = parse.mock.calls.map(([json]) => json.length);
    decode.mockRestore();
    parse.mockRestore();
    expect(Math.max(...decoded, ...parsed)).toBeLessThan(100_000);
  });

  it('has the faults that it had', async () => {
    const good = padded(100_000);
    expect(await send(`{"image_base64":"${good}","image_url":"/a/b"}`)).toBe('FRS.0012');
    expect(await send(`{"image_base64":"${good}!!!!"}`)).toBe('FRS.0015');
    expect(await send(`{"image_base64":"${good.slice(1)}"}`)).toBe('FRS.0015');
    expect(await send(`{"image_base64":"${good.slice(0, 4)}\n${good}"}`)).toBe('FRS.0014');
    expect(await send(`{"image_base64":"${good}"`)).toBe('FRS.0014');
    expect(await send(`{"image_base64":"${'A'.repeat(8 * 1024 * 1024 + 4)}"}`)).toBe('FRS.0017');
    expect(await send(`{"image_base64":["${good}"]}`)).toBe('FRS.0012');
    expect(await send(`{"unknown_base64":"${good}","image_base64":"${good}"}`)).toBe(200);
  });
});
