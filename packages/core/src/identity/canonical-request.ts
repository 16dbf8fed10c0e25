import { createHash } from 'node:crypto';

/*
 * The official clients agree on the canonical request of an ordinary request and differ in corners. What
 * they build for such corners is listed here; a request without them has exactly one form.
 */

/**
 * The forms that clients give the path. All end in `/` and have each segment percent-encoded; they start
 * from the decoded path (Python), from the path as sent (Node, Java: `%` becomes `%25`), or, where a gateway
 * decoded it on the way, from the path encoded again.
 */
export function canonicalPaths(rawPath: string): string[] {
  const decoded = percentEncode(percentDecode(rawPath), '/');
  return distinct([decoded, percentEncode(rawPath, '/'), percentEncode(decoded, '/')].map(endInSlash));
}

/**
 * The forms that clients give the query: pairs encoded and sorted by key and value (Python, Node), by the
 * encoded pair, by UTF-16 order, or by key only, encoded or not (Java, Go); from the decoded text. A `+` is a space, as it is for
 * whoever reads the query.
 */
export function canonicalQueries(rawQuery: string): string[] {
  const raw = rawQuery.split('&').filter((pair) => pair !== '');
  if (raw.length === 0) return [''];
  const pairs = raw.map((pair): Pair => {
    const cut = pair.indexOf('=');
    return cut < 0 ? [pair, ''] : [pair.slice(0, cut), pair.slice(cut + 1)];
  });
  const decode = (text: string) => percentDecode(text.replaceAll('+', ' '));
  const decoded = pairs.map(([key, value]): Pair => [decode(key), decode(value)]);
  return distinct([
    join(decoded.toSorted(byKeyAndValue).map(encodePair)),
    join(decoded.map(encodePair).toSorted(byKeyAndValue)),
    join(decoded.map(encodePair).toSorted(byKey)),
    join(decoded.toSorted(byUtf16).map(encodePair)),
    join(decoded.toSorted(byKey).map(encodePair)),
    ...(isEscapedByHand(rawQuery) ? [join(pairs.map(encodePair).toSorted(byKeyAndValue))] : []),
  ]);
}

/**
 * The old Java client signs a URL's query as it stands in it, and takes spaces and letters beyond ASCII only if they were escaped before.
 * Other escapes (`%2B`, `%25`) and `+` are not taken for such: a signature of the text `%2B` would open a `+`.
 */
function isEscapedByHand(rawQuery: string): boolean {
  return /^(?:[^%+]|%20|%[89a-f][0-9a-f])*$/i.test(rawQuery) && /%[89a-f]/i.test(rawQuery);
}

/**
 * The forms of the signed headers' block: the list's order; or the order of Node's `localeCompare`, which
 * that client uses for this block only; each with any of `hosts` as the Host. None when a listed header wasn't sent.
 */
export function canonicalHeaders(
  names: readonly string[],
  value: (name: string) => string | null,
  hosts: readonly string[],
): string[] {
  const lines = new Map<string, string>();
  for (const name of names) {
    const found = name === 'host' ? '' : value(name);
    if (found === null) return [];
    lines.set(name, `${name}:${asBytes(found)}\n`);
  }
  const orders = [names, names.toSorted((a, b) => a.localeCompare(b))];
  const blocks = (names.includes('host') ? hosts : ['']).flatMap((host) =>
    orders.map((order) =>
      order.map((name) => (name === 'host' ? `host:${asBytes(host)}\n` : lines.get(name))).join(''),
    ),
  );
  return distinct(blocks.flatMap(bothCharsets));
}

/** Lower-case hex SHA-256 of a canonical request whose characters are bytes. */
export function hashCanonical(request: string): string {
  return createHash('sha256').update(request, 'latin1').digest('hex');
}

type Pair = readonly [key: string, value: string];

/*
 * Header values reach us with one character a byte. A client that sent UTF-8 signed these bytes; one that
 * sent Latin-1 (Node) signed the UTF-8 form of its characters.
 */
function bothCharsets(block: string): string[] {
  return [block, Buffer.from(block, 'utf8').toString('latin1')];
}

function join(pairs: readonly Pair[]): string {
  return pairs.map(([key, value]) => `${key}=${value}`).join('&');
}

function encodePair([key, value]: Pair): Pair {
  return [percentEncode(key), percentEncode(value)];
}

/* Strings hold one byte a character here, so this is UTF-8's and thereby code point order. */
function byKeyAndValue(a: Pair, b: Pair): number {
  return compare(a[0], b[0]) || compare(a[1], b[1]);
}

function byKey(a: Pair, b: Pair): number {
  return compare(a[0], b[0]);
}

function byUtf16(a: Pair, b: Pair): number {
  const text = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8');
  return compare(text(a[0]), text(b[0])) || compare(text(a[1]), text(b[1]));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** To one byte a character; what isn't a valid escape stays as it is. */
function percentDecode(text: string): string {
  return asBytes(text).replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function percentEncode(text: string, keep = ''): string {
  return asBytes(text).replace(/[^A-Za-z0-9\-._~]/g, (byte) =>
    byte === keep ? byte : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** Some gateways hand paths and headers over decoded: characters above Latin-1 become their UTF-8 bytes. */
function asBytes(text: string): string {
  return /^[\0-\xff]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

function endInSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
