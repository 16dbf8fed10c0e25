import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMultipart } from './multipart.ts';

const type = 'multipart/form-data; boundary=B';
const whole = Buffer.from(
  [
    '--B',
    'Content-Disposition: form-data; name="filter"',
    '',
    'id:a',
    '--B',
    'Content-Disposition: form-data; name="image_file"; filename="a.jpg"',
    'Content-Type: image/jpeg',
    '',
    'binary \u0000\r\n--b\r\n--C text',
    '--B--',
    '',
  ].join('\r\n'),
);

/** What becomes of a body: its parts, or the code it is refused with. */
async function outcome(body: Uint8Array, contentType = type): Promise<unknown> {
  return await readMultipart(body, contentType).then(
    (parts) => parts.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]),
    (error: { code?: string }) => error.code,
  );
}

describe('a multipart body', () => {
  it('is split into its parts, whatever is in them', async () => {
    expect(await outcome(whole)).toEqual([
      ['filter', 'id:a'],
      ['image_file', 'binary \u0000\r\n--b\r\n--C text'],
    ]);
  });

  it('may have a preamble and an epilogue', async () => {
    const body = Buffer.concat([Buffer.from('preamble\r\n'), whole, Buffer.from('epilogue')]);
    expect(await outcome(body)).toHaveLength(2);
  });

  it('that is cut off anywhere is refused', async () => {
    for (let end = 1; end < whole.length - 2; end++) {
      expect([end, await outcome(whole.subarray(0, end))]).toEqual([end, 'FRS.0012']);
    }
  });

  it('with any bytes changed is split or refused, and never left hanging', async () => {
    const change = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const body = Buffer.from(whole);
        for (const [at, byte] of changes) body[at] = byte;
        const found = await outcome(body);
        expect(found === 'FRS.0012' || Array.isArray(found)).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    `multipart/form-data; boundary=${'b'.repeat(10_000)}`,
    'multipart/form-data; boundary=\u0000',
  ])('with the type %s is refused', async (contentType) => {
    expect(await outcome(whole, contentType)).toBe('FRS.0012');
  });
});
