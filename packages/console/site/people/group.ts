import { defaultPathField } from '@openfrs/contract/path-value';
import type { FieldType, FieldValue, SetFace } from '../api/responses.ts';
import { imageIdOf } from '../enrolment/ids.ts';
import { stringPattern } from './field-values.ts';
import { nameOf, photoPath } from './name.ts';

/** All faces of one `external_image_id`, in the order of their adding; at least one. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly faces: readonly [SetFace, ...SetFace[]];
}

/** People in the order of their first face. */
export function peopleOf(faces: readonly SetFace[]): Person[] {
  const byId = new Map<string, [SetFace, ...SetFace[]]>();
  for (const face of faces) {
    const known = byId.get(face.external_image_id);
    if (known) known.push(face);
    else byId.set(face.external_image_id, [face]);
  }
  return [...byId].map(([id, own]) => ({ id, name: nameOf(own[0]), faces: own }));
}

/** Its own only: a face without the field `constructor` has none, whatever objects inherit. */
const customField = ({ external_fields }: SetFace, name: string): FieldValue | undefined =>
  Object.hasOwn(external_fields, name) ? external_fields[name] : undefined;

/** Whether any of a person's names, ids or values has the text in it, in whatever case. */
export function matches(person: Person, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  const has = (value: unknown) => String(value).toLowerCase().includes(wanted);
  return (
    has(person.name) ||
    // A hash is not what somebody types a letter of: it has to be meant.
    ((person.name === person.id || wanted.length >= 8) && has(person.id)) ||
    person.faces.some(
      (face) =>
        has(face.face_id) ||
        Object.entries(face.external_fields).some(([name, value]) =>
          // The path as people know it: encoded, nearly every Chinese name has an E5 in it.
          has(name === defaultPathField ? (photoPath(face) ?? value) : value),
        ),
    )
  );
}

export type Order =
  | { readonly by: 'added'; readonly down: boolean }
  | { readonly by: 'name'; readonly down: boolean }
  | { readonly by: 'faces'; readonly down: boolean }
  | { readonly by: 'field'; readonly field: string; readonly down: boolean };

/** By a field: people without it come last, either way. */
export function arranged(people: readonly Person[], order: Order): Person[] {
  const sign = order.down ? -1 : 1;
  if (order.by === 'added') return order.down ? [...people].reverse() : [...people];
  const names = new Intl.Collator(undefined, { numeric: true });
  const compare = (a: Person, b: Person): number => {
    switch (order.by) {
      case 'name':
        return sign * names.compare(a.name, b.name);
      case 'faces':
        return sign * (a.faces.length - b.faces.length);
      case 'field': {
        const [x, y] = [customField(a.faces[0], order.field), customField(b.faces[0], order.field)];
        if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? 1 : -1;
        if (typeof x === 'string' && typeof y === 'string') return sign * names.compare(x, y);
        return x === y ? 0 : x < y ? -sign : sign;
      }
    }
  };
  return [...people].sort(compare);
}

/**
 * What the service is asked for a text that somebody types: filters are exact, so only whole ids, names and values are found.
 * Undefined where no id and no field can have that value.
 */
export function exactFilter(
  text: string,
  fields: Readonly<Record<string, { readonly type: FieldType }>>,
): string | undefined {
  const wanted = text.trim();
  if (wanted === '') return undefined;
  const tests = [`external_image_id:${imageIdOf(wanted)}`];
  if (/^[A-Za-z]{8}$/.test(wanted)) tests.push(`face_id:${wanted}`);
  for (const [name, { type }] of Object.entries(fields)) {
    if (type === 'string' && stringPattern.test(wanted)) tests.push(`${name}:${wanted}`);
    if ((type === 'integer' || type === 'long') && /^-?\d{1,9}$/.test(wanted))
      tests.push(`${name}:${wanted}`);
  }
  return tests.join(' || ');
}
