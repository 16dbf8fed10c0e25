import { FrsError } from '../error.ts';
import { type Token, tokens } from './tokens.ts';

/** A filter as written: names and values are still text. */
export type FilterSyntax =
  | { readonly kind: 'equals'; readonly field: string; readonly value: string }
  | {
      readonly kind: 'range';
      readonly field: string;
      readonly low: string | undefined;
      readonly high: string | undefined;
      readonly lowInclusive: boolean;
      readonly highInclusive: boolean;
    }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly FilterSyntax[] }
  | { readonly kind: 'not'; readonly operand: FilterSyntax };

/** Parentheses beyond this depth are refused. */
export const maxFilterDepth = 64;

/**
 * Parses the filter language of chapter 5.5:
 *
 *     or        = and { "||" and }
 *     and       = primary { "&&" primary }
 *     primary   = "(" or ")" | "(" "!" primary ")" | condition
 *     condition = name ":" ( value | ("[" | "{") bound "TO" bound ("]" | "}") )
 *     bound     = value | "*"
 *
 * `&&` binds tighter than `||`; `!` stands only inside its own parentheses; `[` and `]` include their bound,
 * `{` and `}` don't, and may be mixed.
 * @throws FrsError FRS.0029
 */
export function parseFilter(text: string): FilterSyntax {
  const reader = new Reader(tokens(text));
  const filter = or(reader, 0);
  reader.end();
  return filter;
}

function or(reader: Reader, depth: number): FilterSyntax {
  return joined(reader, 'or', '||', () => joined(reader, 'and', '&&', () => primary(reader, depth)));
}

function joined(
  reader: Reader,
  kind: 'and' | 'or',
  symbol: string,
  operand: () => FilterSyntax,
): FilterSyntax {
  const first = operand();
  const operands = [first];
  while (reader.accept(symbol)) operands.push(operand());
  return operands.length === 1 ? first : { kind, operands };
}

function primary(reader: Reader, depth: number): FilterSyntax {
  if (depth > maxFilterDepth) throw new FrsError('FRS.0029', 'The filter is nested too deeply.');
  if (!reader.accept('(')) return condition(reader);
  const negated = reader.accept('!');
  const inner = negated ? primary(reader, depth + 1) : or(reader, depth + 1);
  reader.expect(')');
  return negated ? { kind: 'not', operand: inner } : inner;
}

function condition(reader: Reader): FilterSyntax {
  const field = reader.expect('word');
  reader.expect(':');
  const lowInclusive = reader.accept('[');
  if (!lowInclusive && !reader.accept('{')) return { kind: 'equals', field, value: reader.expect('word') };
  const low = bound(reader);
  if (reader.expect('word') !== 'TO') throw reader.unexpected();
  const high = bound(reader);
  const highInclusive = reader.accept(']');
  if (!highInclusive) reader.expect('}');
  return { kind: 'range', field, low, high, lowInclusive, highInclusive };
}

function bound(reader: Reader): string | undefined {
  return reader.accept('*') ? undefined : reader.expect('word');
}

class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(found: readonly Token[]) {
    this.#tokens = found;
  }

  /** Takes the next token if it is of that kind. */
  accept(kind: string): boolean {
    if (this.#tokens[this.#next]?.kind !== kind) return false;
    this.#next++;
    return true;
  }

  expect(kind: string): string {
    const token = this.#tokens[this.#next];
    if (token?.kind !== kind) throw this.unexpected();
    this.#next++;
    return token.text;
  }

  end(): void {
    if (this.#next < this.#tokens.length) throw this.unexpected();
  }

  unexpected(): FrsError {
    const token = this.#tokens[this.#next];
    return new FrsError('FRS.0029', token ? `Unexpected text at position ${token.at}.` : 'Unexpected end.');
  }
}
