import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from './base64.ts';

/** RFC 4648, section 4, with padding. */
const strict = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;

describe('Base64 of the contract', () => {
  it('decodes what any encoder wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        expect(new Uint8Array(decodeBase64(Buffer.from(bytes).toString('base64')))).toEqual(bytes);
      }),
    );
  });

  it('takes exactly the texts of RFC 4648, and refuses all others with FRS.0015', () => {
    const char = fc.constantFrom(...'AZaz09+/=-_ \n\t\r:,;é\u0000');
    const text = fc.array(char, { maxLength: 16 }).map((all) => all.join(''));
    fc.assert(
      fc.property(text, (some) => {
        if (strict.test(some)) expect(decodeBase64(some).length).toBeGreaterThan(0);
        else expect(() => decodeBase64(some)).toThrowError(expect.objectContaining({ code: 'FRS.0015' }));
      }),
      { numRuns: 20_000 },
    );
  });
});
