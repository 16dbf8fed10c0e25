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
function outcome(body: Uint8Array, contentType = type): unknown {
  try {
    return readMultipart(body, contentType).map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]);
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

describe('a multipart body', () => {
  it('is split into its parts, whatever is in them', () => {
    expect(outcome(whole)).toEqual([
      ['filter', 'id:a'],
      ['image_file', 'binary \u0000\r\n--b\r\n--C text'],
    ]);
  });

  it('may have a preamble and an epilogue', () => {
    const body = Buffer.concat([Buffer.from('preamble\r\n'), whole, Buffer.from('epilogue')]);
    expect(outcome(body)).toHaveLength(2);
  });

  it('that is cut off anywhere is refused', () => {
    for (let end = 1; end < whole.length - 2; end++) {
      expect([end, outcome(whole.subarray(0, end))]).toEqual([end, 'FRS.0012']);
    }
  });

  it('with any bytes changed is split or refused, and never left hanging', () => {
    const change = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const body = Buffer.from(whole);
        for (const [at, byte] of changes) body[at] = byte;
        const found = outcome(body);
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
  ])('with the type %s is refused', (contentType) => {
    expect(outcome(whole, contentType)).toBe('FRS.0012');
  });
});

describe('a part', () => {
  const content = 'x'.repeat(30_000);
  const part = (headers: readonly string[], body = content) =>
    Buffer.from(`--B\r\n${[...headers, '', body].join('\r\n')}\r\n--B--\r\n`);

  it.each([
    ['no header at all', []],
    ['no disposition', ['Content-Type: image/jpeg']],
    ['an attachment', ['Content-Disposition: attachment; name="a"']],
    ['a disposition without a name', ['Content-Disposition: form-data']],
    ['a header that is none', ['nonsense']],
  ])('with %s is one without a name', (_, headers) => {
    expect(outcome(part(headers))).toEqual([['', content]]);
  });

  it('keeps its headers, folded ones too, and its name wherever it stands', () => {
    const lines = [
      'X-A: 1',
      'CONTENT-DISPOSITION:form-data;',
      '\tfilename="a;b\\"c";  NAME = "n\\"m"',
      'X-A: 2',
    ];
    const [read] = readMultipart(part(lines), type);
    expect(read?.name).toBe('n"m');
    expect(read?.headers.get('x-a')).toBe('1');
    expect(outcome(part(['Content-Disposition: form-data; name=plain ; filename=a']))).toEqual([
      ['plain', content],
    ]);
  });

  it('with a file name in another charset than UTF-8 is read', () => {
    const gbk = Buffer.from([0xd6, 0xd0, 0xce, 0xc4]).toString('latin1');
    const bytes = Buffer.from(
      `--B\r\nContent-Disposition: form-data; filename="${gbk}"; name="f"\r\n\r\nx\r\n--B--`,
      'latin1',
    );
    expect(outcome(bytes)).toEqual([['f', 'x']]);
  });

  it('may be empty, and may have 100 headers', () => {
    expect(outcome(part(['Content-Disposition: form-data; name="a"'], ''))).toEqual([['a', '']]);
    const many = Array.from({ length: 100 }, (_, n) => `X-${n}: ${n}`);
    expect(outcome(part([...many, 'Content-Disposition: form-data; name="a"']))).toEqual([['a', content]]);
  });

  it('shares its memory with the body', () => {
    const body = part(['Content-Disposition: form-data; name="a"']);
    expect(readMultipart(body, type)[0]?.bytes.buffer).toBe(body.buffer);
  });

  it.each([
    ['more than 64 kB of headers', part([`X: ${'a'.repeat(65 * 1024)}`])],
    ['headers that never end', Buffer.from(`--B\r\nX: ${'a'.repeat(30_000)}`)],
    ['65 parts', Buffer.from(`${'--B\r\n\r\n\r\n'.repeat(65)}--B--`)],
    ['a boundary that goes on', Buffer.from('--B\r\n\r\nx\r\n--BC\r\n\r\ny\r\n--B--')],
  ])('with %s is refused', (_, body) => {
    expect(outcome(body)).toBe('FRS.0012');
  });
});

describe('the time of a hostile body', () => {
  /** Processor time, which other processes don't take; the least of three. */
  function msOf(body: Buffer, contentType: string): number {
    const times = Array.from({ length: 3 }, () => {
      const before = process.cpuUsage();
      outcome(body, contentType);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    return Math.min(...times);
  }
  const long = `multipart/form-data; boundary=${'-'.repeat(70)}`;
  const start = (boundary: string) => `--${boundary}\r\n\r\n`;

  it.each([
    ['dashes', '-', long],
    ['line ends and dashes', `\r\n${'-'.repeat(71)}`, long],
    ['almost boundaries', '\r\n--', type],
    ['line ends', '\r\n', type],
    ['boundaries that go on', '\r\n--BC', type],
    ['tiny parts', '\r\n--B\r\n\r\n', type],
    ['spaces after a boundary', '\r\n--B          ', type],
  ])('of %s grows no faster than the body', (_, unit, contentType) => {
    const of = (bytes: number) =>
      Buffer.from(start(contentType === long ? '-'.repeat(70) : 'B') + unit.repeat(bytes / unit.length));
    const small = msOf(of(1_000_000), contentType);
    const large = msOf(of(12_000_000), contentType);
    // Twelve times the bytes; a time that grew with their square would be 144 times.
    expect(large).toBeLessThan(12 * 5 * Math.max(small, 3));
  });

  it('of headers full of quotes and semicolons is short', () => {
    for (const unit of [';a="', ';a="\\', '; ', ';a=', ';"', '\\"', '\r\n ']) {
      const header = `Content-Disposition: form-data${unit.repeat(60_000 / unit.length)}`;
      expect(msOf(Buffer.from(`--B\r\n${header}\r\n\r\nx\r\n--B--`), type)).toBeLessThan(1000);
    }
  });
});
