import fc from 'fast-check';

/** A loopback address, for limits by source. */
export const source = fc
  .tuple(fc.integer({ min: 1, max: 254 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 254 }))
  .map(([a, b, c]) => `127.${a}.${b}.${c}`);

/** Any bytes that don't end a header line. */
export const headerBytes = fc
  .uint8Array({ maxLength: 60 })
  .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 10 && byte !== 13)).toString('latin1'));

export const visible = fc.string({ unit: 'grapheme-ascii', maxLength: 40 });

/** Texts at the edges of what is stored, compared and parsed. */
export const oddText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '*',
    '__proto__',
    'constructor',
    '\u0000',
    '\ud800',
    '\ufeff',
    '😀',
    '../..',
    '%00',
    '-1',
    '1e400',
    'NaN',
    'null',
    'xn--',
    "'; --",
    'é'.repeat(600),
  ),
  fc
    .constantFrom(63, 64, 65, 255, 256, 257, 1023, 1024, 1025, 2047, 2048, 2049, 70_000)
    .map((n) => 'a'.repeat(n)),
  fc.constantFrom(255, 1023, 1024).map((n) => '汉'.repeat(n)),
  fc.string({ unit: 'binary', maxLength: 50 }),
);

const oddScalar: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.constantFrom(null, true, false, 0, -1, 1e308, 0.1, 2 ** 53, 2 ** 31, -(2 ** 31) - 1),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: oddScalar },
  { weight: 1, arbitrary: fc.array(oddScalar, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.dictionary(oddText, oddScalar, { maxKeys: 3 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 5 }) },
);
