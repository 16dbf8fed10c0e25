const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const number = /-?\d[\d.eE+-]*/y;

/** A number in a JSON text, from `start` up to `end`. */
export interface NumberPlace {
  readonly start: number;
  readonly end: number;
}

/** What must be known of a JSON text before it is parsed. */
export interface JsonScan {
  /** Deepest nesting of arrays and objects. */
  readonly depth: number;
  /** Commas outside of strings: the number of values, nearly. */
  readonly commas: number;
  /** Numbers that might not survive being read as an IEEE double. */
  readonly exactNumbers: readonly NumberPlace[];
}

/**
 * Looks a JSON text over without parsing it. Strings, where megabytes of Base64 are, are jumped over with
 * `indexOf`, so this costs next to nothing. The text need not be valid: the parser says so afterwards.
 * @param maxCommas the scan ends where there are more
 */
export function scanJson(text: string, maxCommas: number): JsonScan {
  let depth = 0;
  let deepest = 0;
  let commas = 0;
  const exactNumbers: NumberPlace[] = [];
  for (let at = 0; at < text.length && commas <= maxCommas; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at);
    } else if (code === comma) {
      commas++;
    } else if (code === 0x5b || code === 0x7b) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x5d || code === 0x7d) {
      depth--;
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      number.lastIndex = at;
      const lexeme = number.exec(text)?.[0] ?? '-';
      const end = at + lexeme.length;
      // 15 significant decimal digits always survive a double; an exponent is left to the exact reader.
      if (lexeme.length > 15 || /[eE]/.test(lexeme)) exactNumbers.push({ start: at, end });
      at = end - 1;
    }
  }
  return { depth: deepest, commas, exactNumbers };
}

/** The index of the quote that closes the string opened at `start`; the text's length if none does. */
function endOfString(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
    let first = end;
    while (text.charCodeAt(first - 1) === backslash) first--;
    if ((end - first) % 2 === 0) return end;
  }
}
