import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { typeFields } from '../custom-fields.ts';
import type { FieldSchema } from '../fields.ts';
import { isJsonObject, maxJsonDepth, parseJson, parseJsonBody, writeJson } from './json.ts';
import { wholeNumber } from './numbers.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const notJson = (body: Uint8Array) =>
  expect(() => parseJsonBody(body)).toThrowError(expect.objectContaining({ code: 'FRS.0014' }));

describe('a JSON body', () => {
  it.each([
    '',
    ' ',
    '{',
    '{"a":1,}',
    "{'a':1}",
    '{"a":01}',
    '{"a":NaN}',
    '{"a":1}x',
    '[]',
    '"a"',
    '1',
    'null',
    '{"a":"\n"}',
  ])('is refused if it is no JSON object: %j', (text) => notJson(bytes(text)));

  it('is refused if it is not UTF-8', () =>
    notJson(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])));

  it('may begin with a byte order mark', () =>
    expect(parseJsonBody(bytes('\ufeff{"a":1}'))).toEqual({ a: 1 }));

  it('of duplicate keys takes the last one, also where numbers must be exact', () => {
    expect(parseJsonBody(bytes('{"a":1,"a":2}'))).toEqual({ a: 2 });
    expect(writeJson(parseJsonBody(bytes('{"a":9007199254740993,"a":9007199254740995}')))).toBe(
      '{"a":9007199254740995}',
    );
  });

  it('keeps odd keys as plain properties', () => {
    for (const number of ['1', '9007199254740993']) {
      const parsed = parseJsonBody(bytes(`{"__proto__":{"x":${number}},"constructor":2}`));
      expect(Object.keys(parsed)).toEqual(['__proto__', 'constructor']);
      expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    }
  });

  it('is refused if nested too deeply, at once', () => {
    const nested = (depth: number) => bytes(`${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`);
    expect(isJsonObject(parseJsonBody(nested(maxJsonDepth)))).toBe(true);
    notJson(nested(maxJsonDepth + 1));
    notJson(bytes(`{"a":${'['.repeat(6_000_000)}`));
    notJson(bytes(`{"a":9007199254740993,"b":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`));
  });

  it('is refused if it has more values than any request, before they cost memory', () => {
    notJson(bytes(`{"a":9007199254740993,"b":[${'1,'.repeat(5_000_000)}1]}`));
    notJson(bytes(`{"a":9007199254740993,"b":[${'1e1,'.repeat(2_000_000)}1]}`));
  });

  it('is refused if it has more letters beyond ASCII than any request, before they are decoded', () => {
    const decode = vi.spyOn(TextDecoder.prototype, 'decode');
    notJson(bytes(`{"a":"${'张'.repeat(4_000_000)}"}`));
    notJson(Buffer.alloc(12_000_000, 0xff));
    expect(decode).not.toHaveBeenCalled();
    decode.mockRestore();
    const request = { image_base64: 'A'.repeat(8_000_000), filter: '张'.repeat(16_384) };
    expect(parseJsonBody(bytes(JSON.stringify(request)))).toEqual(request);
  });

  it.each([
    '{9007199254740993:1}',
    '{"a":90071992547409931.2.3}',
    '{"a":-9007199254740993-}',
    '{"a":00000000000000001}',
    '{"a":9007199254740993true}',
    '{"a":"b"9007199254740993}',
    '{"a":1e}',
    '{"a":1e5000000000}',
    '[9007199254740993',
  ])('is refused for a malformed number or one out of place: %s', (text) => notJson(bytes(text)));

  it('does not take brackets and numbers inside strings for structure', () => {
    const text = `{"a":"${'['.repeat(1000)}\\"${'{'.repeat(1000)}\\\\","b":"9007199254740993"}`;
    expect(parseJsonBody(bytes(text))).toEqual(JSON.parse(text));
  });

  it('with 8 MB of Base64 is parsed in a fraction of a second, exact numbers beside it or not', () => {
    for (const number of ['10', '9007199254740993']) {
      const body = bytes(`{"image_base64":"${'A'.repeat(8 * 1024 * 1024)}","n":${number}}`);
      const started = performance.now();
      parseJsonBody(body);
      expect(performance.now() - started).toBeLessThan(1000);
    }
  });
});

describe('property: numbers', () => {
  const schema: FieldSchema = { l: 'long', i: 'integer', d: 'double', f: 'float' };
  const roundTrip = (name: string, digits: string) => {
    const parsed = parseJson(`{"${name}":${digits}}`);
    return typeFields(schema, isJsonObject(parsed) ? parsed : {});
  };

  it('long: every 64-bit value comes through exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const fields = roundTrip('l', value.toString());
        expect(fields.l).toBe(value);
        expect(writeJson(fields)).toBe(`{"l":${value}}`);
      }),
    );
  });

  it('double: every finite value comes through exactly', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const fields = roundTrip('d', Object.is(value, -0) ? '-0' : String(value));
        expect(fields.d).toBe(value);
        expect(JSON.parse(writeJson(fields))).toEqual({ d: value });
      }),
    );
  });

  it('float: is kept as the nearest IEEE single', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(roundTrip('f', Object.is(value, -0) ? '-0' : String(value)).f).toBe(value);
      }),
    );
  });

  it.each(['l', 'i', 'd', 'f'])('beyond the range of its type is FRS.0406: %s', (name) => {
    const beyond = { l: '9223372036854775808', i: '-2147483649', d: '1e309', f: '3.5e38' }[name] ?? '';
    expect(() => roundTrip(name, beyond)).toThrowError(expect.objectContaining({ code: 'FRS.0406' }));
  });

  it('a fraction is no integer; 1.0 and 1e3 are whole', () => {
    for (const digits of ['1.5', '0.1', '1e-1', '9007199254740993.5']) {
      expect(() => roundTrip('i', digits)).toThrowError(expect.objectContaining({ code: 'FRS.0406' }));
      expect(() => roundTrip('l', digits)).toThrowError(expect.objectContaining({ code: 'FRS.0406' }));
    }
    expect(roundTrip('i', '1.0')).toEqual({ i: 1 });
    expect(roundTrip('l', '1e3')).toEqual({ l: 1000n });
    expect(roundTrip('l', '9007199254740993.0')).toEqual({ l: 9007199254740993n });
  });

  it('wholeNumber agrees with BigInt, and huge exponents cost nothing', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat({ max: 15 }), (value, zeros) => {
        expect(wholeNumber(value.toString())).toBe(value);
        expect(wholeNumber(`${value}.${'0'.repeat(zeros + 1)}`)).toBe(value);
        expect(wholeNumber(`${value}e${zeros}`)).toBe(value * 10n ** BigInt(zeros));
      }),
    );
    expect(wholeNumber('1e999999')).toBeUndefined();
    expect(wholeNumber('1e-999999')).toBeUndefined();
    expect(wholeNumber('0e999999')).toBe(0n);
  });
});
