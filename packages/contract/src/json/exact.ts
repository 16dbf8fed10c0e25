import { randomUUID } from 'node:crypto';
import { LosslessNumber } from 'lossless-json';
import { isDecimal } from './numbers.ts';
import type { NumberPlace } from './scan.ts';
import type { JsonValue } from './value.ts';

/**
 * Parses a JSON text some of whose numbers must keep their digits. Those are put into strings that begin with a
 * mark nobody can know, then the native parser reads the whole at its own speed, megabytes of Base64 included.
 * @throws SyntaxError
 */
export function parseWithExactNumbers(text: string, places: readonly NumberPlace[]): JsonValue {
  const mark = randomUUID();
  let marked = '';
  let from = 0;
  for (const { start, end } of places) {
    const digits = text.slice(start, end);
    if (!isDecimal(digits)) throw new SyntaxError('not a number');
    marked += `${text.slice(from, start)}"${mark}${digits}"`;
    from = end;
  }
  return unmarked(JSON.parse(marked + text.slice(from)) as JsonValue, mark);
}

function unmarked(value: JsonValue, mark: string): JsonValue {
  if (typeof value === 'string') {
    return value.startsWith(mark) ? new LosslessNumber(value.slice(mark.length)) : value;
  }
  if (Array.isArray(value)) return value.map((item) => unmarked(item, mark));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key.startsWith(mark)) throw new SyntaxError('a number is no key');
      return [key, unmarked(item, mark)];
    }),
  );
}
