/** Header lines by name; the same name may come again. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** A whole request as bytes. Text is Latin-1: a character a byte. */
export function requestBytes(
  method: string,
  target: string,
  headers: HeaderLines,
  body: Uint8Array = Buffer.of(),
): Buffer {
  const hosted = headers.some(([name]) => name.toLowerCase() === 'host');
  const all: HeaderLines = [
    ...(hosted ? [] : [['Host', '127.0.0.1'] as const]),
    ...headers,
    ['Content-Length', String(body.length)],
  ];
  const head = [`${method} ${target} HTTP/1.1`, ...all.map((line) => line.join(': ')), '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}
