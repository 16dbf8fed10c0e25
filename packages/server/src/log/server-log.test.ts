import { log, observedRequest } from '@openfrs/core/observation';
import { writeAuditLine } from '@openfrs/http';
import { afterEach, describe, expect, it } from 'vitest';
import { openServerLog, type ServerLogOptions } from './server-log.ts';

let end = () => {};
afterEach(() => end());

/** What is written, a line each, and whether it goes to standard error. */
function written(level: ServerLogOptions['level'] = 'info') {
  const lines: (Record<string, unknown> & { trouble: boolean; text: string })[] = [];
  end = openServerLog({
    level,
    write: (text, trouble) => lines.push({ ...JSON.parse(text), trouble, text }),
  });
  return lines;
}

const inRequest = (requestId: string, work: () => Promise<void>) =>
  observedRequest(
    { requestId, operation: 'face-detect', startedAt: 0 },
    async () => {
      await work();
      return { status: 200 };
    },
    () => undefined,
  );

describe('the log of a server', () => {
  it('is lines of JSON with level, time and message, trouble on standard error', () => {
    const lines = written();
    log('info', 'openfrs serves', { fields: { port: 8080 } });
    log('error', 'The sweep failed', { error: new Error('no answer') });
    expect(lines[0]).toMatchObject({ level: 'info', message: 'openfrs serves', port: 8080, trouble: false });
    expect(Math.abs(Date.parse(String(lines[0]?.time)) - Date.now())).toBeLessThan(60_000);
    expect(lines[1]).toMatchObject({ level: 'error', message: 'The sweep failed', trouble: true });
    expect(lines[1]?.error).toMatch(/^Error: no answer\n\s+at /);
  });

  it('names the request in every line that is written for it, whatever it waited for', async () => {
    const lines = written();
    await Promise.all(
      ['one', 'two'].map((id) =>
        inRequest(id, async () => {
          await new Promise(setImmediate);
          log('warn', `of ${id}`);
        }),
      ),
    );
    log('warn', 'of nobody');
    expect(lines.map(({ message, request_id }) => [message, request_id])).toEqual([
      ['of one', 'one'],
      ['of two', 'two'],
      ['of nobody', undefined],
    ]);
  });

  it('leaves out what is below its level, and never the line of a request, whose form stays', () => {
    const lines = written('error');
    log('warn', 'left out');
    const line = {
      ...{
        level: 'audit' as const,
        time: '2026-01-02T03:04:05.000Z',
        request_id: 'r',
        operation: 'face-detect',
      },
      ...{
        project_id: 'p',
        user_id: 'u',
        token_id: 't',
        target: { ak: 'AK1' },
        status: 200,
        ms: 3,
        faces: 1,
      },
    };
    writeAuditLine(line);
    expect(lines).toHaveLength(1);
    const { trouble, text: _text, time: _time, ...told } = lines[0] as (typeof lines)[number];
    const { time: _given, ...wanted } = line;
    expect(told).toEqual(wanted);
    expect(trouble).toBe(false);
    expect(Object.keys(JSON.parse(lines[0]?.text ?? '{}'))).toEqual(Object.keys(line));
  });
});

describe('the log never has', () => {
  const secrets = {
    password: 'correct horse battery',
    sk: 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7d',
    token: 'MIIaBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcdefghijklmnop==',
    vector: Array.from({ length: 128 }, (_, at) => Math.sin(at)).join(','),
    picture: Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 37) % 256)).toString('base64'),
    signature: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    person: 'Ann Example',
  };
  const holders: readonly (readonly [string, () => unknown])[] = [
    ['a body in a message', () => new Error(`Unexpected token in {"image_base64":"${secrets.picture}"}`)],
    ['a vector in a message', () => new Error(`wrong length: [${secrets.vector}]`)],
    ['a vector without its brackets', () => new Error(`wrong: ${secrets.vector}`)],
    ['a password in JSON', () => new Error(`bad request {"user":{"password":"${secrets.password}"}}`)],
    [
      'headers',
      () => new Error(`sent X-Auth-Token: ${secrets.token}\nAuthorization: Bearer ${secrets.token}`),
    ],
    ['a signed URL', () => new Error(`GET https://b.s3/k?X-Amz-Signature=${secrets.signature}&x=1 failed`)],
    ['a secret key', () => new Error(`sk=${secrets.sk} is wrong`)],
    [
      'properties of an error',
      () => Object.assign(new Error('refused'), { $response: secrets, body: secrets }),
    ],
    [
      'causes',
      () => new Error('outer', { cause: Object.assign(new Error(`token: ${secrets.token}`), secrets) }),
    ],
    ['a thrown object', () => secrets],
    ['aggregates', () => new AggregateError([new Error(`"sk":"${secrets.sk}"`)], 'several')],
  ];

  it.each(holders)('secrets, pictures or vectors of %s', async (_name, holder) => {
    const lines = written('debug');
    const error = holder();
    await inRequest('r', async () => {
      log('error', 'It failed', { error });
      log('debug', error instanceof Error ? error.message : 'thrown');
      log('info', 'field', { fields: { why: error instanceof Error ? error.message : 'x' } });
      log('info', 'field', { fields: { why: error as string } });
    });
    const text = lines.map((line) => line.text).join('');
    expect(lines).toHaveLength(4);
    for (const secret of [
      ...Object.values(secrets),
      secrets.vector.slice(0, 60),
      secrets.picture.slice(0, 60),
    ])
      expect(text).not.toContain(secret);
  });

  it('what people need taken away: stacks, ids of requests, sets and files, names of engines\u2019 errors', () => {
    const lines = written();
    const told =
      'Segment sets/5f3c9a2e-1d4b-4c6a-9e8f-0a1b2c3d4e5f/0192.seg of openfrs-index: NoSuchKey (404), 3 of 12 faces, FRS.0018';
    log('error', told, { error: new Error(told) });
    expect(lines[0]?.message).toBe(told);
    expect(lines[0]?.error).toContain(told);
    expect(lines[0]?.error).toContain('server-log.test.ts');
  });
});
