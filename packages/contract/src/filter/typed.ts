import { fieldType, isNumeric, typeNumber, typeText } from '../custom-fields.ts';
import { FrsError } from '../error.ts';
import type { FieldSchema, FieldType } from '../fields.ts';
import type { Bound, Filter } from '../filter-tree.ts';
import { type FilterSyntax, parseFilter } from './parse.ts';
import { checkTerms, withoutRepeats } from './terms.ts';

/** Built-in fields that filters and deletions may name; both are strings. */
export const filterableBuiltIns: readonly string[] = ['external_image_id', 'face_id'];

/**
 * Parses a filter and types it against a set's custom fields. Conditions that say the same are taken once in a group.
 * @throws FrsError FRS.0029: it can't be parsed, is too long (`maxFilterLength`), too deep (`maxFilterDepth`) or too complex
 *   (`maxFilterTerms`), names an undefined field or has a value not of the field's type
 */
export function readFilter(text: string, schema: FieldSchema): Filter {
  const syntax = parseFilter(text);
  checkTerms(syntax);
  return typed(syntax, schema);
}

/** The type of a field that may be filtered on; undefined if the set has none of that name. */
export function filterableType(schema: FieldSchema, name: string): FieldType | undefined {
  return filterableBuiltIns.includes(name) ? 'string' : fieldType(schema, name);
}

function typed(syntax: FilterSyntax, schema: FieldSchema): Filter {
  switch (syntax.kind) {
    case 'and':
    case 'or': {
      const operands = withoutRepeats(syntax.operands).map((operand) => typed(operand, schema));
      const [first] = operands;
      return operands.length === 1 && first ? first : { kind: syntax.kind, operands };
    }
    case 'not':
      return { kind: 'not', operand: typed(syntax.operand, schema) };
    case 'equals': {
      const value = typeText(typeOf(syntax.field, schema), syntax.value);
      if (value === undefined) throw wrongType(syntax.field);
      return { kind: 'equals', field: syntax.field, value };
    }
    case 'range': {
      const type = typeOf(syntax.field, schema);
      if (!isNumeric(type)) throw new FrsError('FRS.0029', `A range needs a number field: ${syntax.field}.`);
      const boundOf = (digits: string | undefined, inclusive: boolean): Bound | undefined => {
        if (digits === undefined) return undefined;
        const value = typeNumber(type, digits);
        if (value === undefined) throw wrongType(syntax.field);
        return { value, inclusive };
      };
      return {
        kind: 'range',
        field: syntax.field,
        low: boundOf(syntax.low, syntax.lowInclusive),
        high: boundOf(syntax.high, syntax.highInclusive),
      };
    }
  }
}

function typeOf(field: string, schema: FieldSchema): FieldType {
  const type = filterableType(schema, field);
  if (type === undefined) throw new FrsError('FRS.0029', `Undefined field: ${field.slice(0, 64)}.`);
  return type;
}

function wrongType(field: string): FrsError {
  return new FrsError('FRS.0029', `A value is not of the type of ${field}.`);
}
