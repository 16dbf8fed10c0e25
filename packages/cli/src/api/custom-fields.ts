import type { FrsClient } from '@openfrs/client';
import { type FieldType, fieldTypes, typeText } from '@openfrs/contract';
import { CliError } from '../failure.ts';

/**
 * `name:type`, as a new face set's field.
 * @throws CliError
 */
export function fieldDefinition(text: string): readonly [name: string, definition: { type: FieldType }] {
  const [, name, type] = /^(.+):([^:]+)$/.exec(text) ?? [];
  const known = fieldTypes.find((each) => each === type);
  if (name === undefined || known === undefined)
    throw new CliError(`A field is name:type, with a type of ${fieldTypes.join(', ')}: ${text}`);
  return [name, { type: known }];
}

/**
 * `name=value` of a face, typed as its set defines the fields; undefined where none is given.
 * @throws CliError a field that the set hasn't, or a value that is none of its type
 */
export async function fieldValues(
  api: FrsClient,
  face_set_name: string,
  texts: readonly string[],
): Promise<Record<string, unknown> | undefined> {
  if (texts.length === 0) return undefined;
  const { face_set_info } = await api.faceSetShow({ face_set_name });
  const types = new Map(Object.entries(face_set_info.external_fields));
  return Object.fromEntries(texts.map((text) => fieldValue(text, types, face_set_name)));
}

function fieldValue(text: string, types: ReadonlyMap<string, { type: FieldType }>, set: string) {
  const [, name = '', given = ''] = /^([^=]*)=([\s\S]*)$/.exec(text) ?? [];
  const type = types.get(name)?.type;
  if (type === undefined) {
    const names = [...types.keys()].join(', ') || 'none';
    throw new CliError(`A field is name=value, of the fields of ${set} (${names}): ${text}`);
  }
  const value = typeText(type, given);
  if (value === undefined) throw new CliError(`The field ${name} takes values of type ${type}: ${given}`);
  return [name, value] as const;
}
