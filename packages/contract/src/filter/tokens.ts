import { FrsError } from '../error.ts';

const token = /\s*(?:(&&|\|\||[()[\]{}:!*])|([^\s()[\]{}:!*&|"']+))/y;

export interface Token {
  /** A symbol (`&&`, `||`, brackets, `:`, `!`, `*`) or `word`. */
  readonly kind: string;
  readonly text: string;
  /** Where it starts, for messages. */
  readonly at: number;
}

/** Filters beyond this length are refused. */
export const maxFilterLength = 16_384;

/** Cuts a filter into tokens. @throws FrsError FRS.0029 */
export function tokens(text: string): Token[] {
  if (text.length > maxFilterLength) throw new FrsError('FRS.0029', 'The filter is too long.');
  const found: Token[] = [];
  const end = text.trimEnd().length;
  token.lastIndex = 0;
  while (token.lastIndex < end) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new FrsError('FRS.0029', `Unexpected text at position ${at}.`);
    const [, symbol, word = ''] = match;
    found.push({
      kind: symbol ?? 'word',
      text: symbol ?? word,
      at: token.lastIndex - (symbol ?? word).length,
    });
  }
  return found;
}
