import { FrsError } from '../error.ts';
import type { FilterSyntax } from './parse.ts';

/**
 * Terms of a filter at most: of a group's conditions, those on the same field are one term, as they are judged together.
 * It bounds what a row costs: at 1,000,000 faces, 512 terms take about a second of one core.
 */
export const maxFilterTerms = 512;

/** @throws FrsError FRS.0029 more than `maxFilterTerms` */
export function checkTerms(syntax: FilterSyntax): void {
  if (termsOf(syntax) > maxFilterTerms) {
    throw new FrsError('FRS.0029', `The filter has more than ${maxFilterTerms} terms.`);
  }
}

function termsOf(syntax: FilterSyntax): number {
  switch (syntax.kind) {
    case 'and':
    case 'or': {
      const fields = new Set<string>();
      let terms = 0;
      for (const operand of syntax.operands) {
        const name = fieldOf(operand);
        if (name === undefined) terms += termsOf(operand);
        else fields.add(name);
      }
      return terms + fields.size;
    }
    case 'not':
      return termsOf(syntax.operand);
    default:
      return 1;
  }
}

/** The field that a condition or its negation is about. */
function fieldOf(syntax: FilterSyntax): string | undefined {
  if (syntax.kind === 'not') {
    const name = fieldOf(syntax.operand);
    return name === undefined ? undefined : `!${name}`;
  }
  return syntax.kind === 'equals' || syntax.kind === 'range' ? syntax.field : undefined;
}

/** The operands of a group without conditions that are written alike. */
export function withoutRepeats(operands: readonly FilterSyntax[]): readonly FilterSyntax[] {
  const known = new Set<string>();
  return operands.filter((operand) => {
    if (operand.kind !== 'equals' && operand.kind !== 'range') return true;
    const written = writtenAs(operand);
    if (known.has(written)) return false;
    known.add(written);
    return true;
  });
}

/** No two conditions of different meaning are written alike: names and values hold no brackets and no colons. */
function writtenAs(condition: FilterSyntax & { readonly kind: 'equals' | 'range' }): string {
  if (condition.kind === 'equals') return `${condition.field}:${condition.value}`;
  const { field, low = '*', high = '*', lowInclusive, highInclusive } = condition;
  return `${field}:${lowInclusive ? '[' : '{'}${low} ${high}${highInclusive ? ']' : '}'}`;
}
