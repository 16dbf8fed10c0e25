import type * as z from 'zod';
import { FrsError } from '../error.ts';
import { inPath } from './parts.ts';

/** What a request must hold, and how its parameters are read into plain types. */
export interface RequestSchema<Parameters> {
  /** Parameters that must be there. */
  readonly required?: readonly string[];
  /** Groups of which exactly one must be there. */
  readonly oneOf?: readonly (readonly string[])[];
  /** Of these at least one must be there. */
  readonly anyOf?: readonly string[];
  /** Made when a request is first read. */
  readonly schema: () => z.ZodType<Parameters>;
}

/**
 * Reads parameters in the contract's order: first whether they are present, then whether they are well-formed.
 * `null` counts as absent, unknown parameters are ignored.
 * @throws FrsError FRS.0011, FRS.0012
 */
export function readParameters<Parameters>(
  request: RequestSchema<Parameters>,
  raw: Readonly<Record<string, unknown>>,
): Parameters {
  const given = Object.fromEntries(
    Object.entries(raw).filter(([, value]) => value !== null && value !== undefined),
  );
  const has = (name: string) => Object.hasOwn(given, name);
  for (const name of request.required ?? []) {
    if (!has(name)) throw new FrsError('FRS.0011', `Parameter: ${name}.`);
  }
  for (const group of [...(request.oneOf ?? []), ...(request.anyOf ? [request.anyOf] : [])]) {
    if (!group.some(has)) throw new FrsError('FRS.0011', `One of: ${group.join(', ')}.`);
  }
  for (const group of request.oneOf ?? []) {
    if (group.filter(has).length > 1) throw new FrsError('FRS.0012', `Only one of: ${group.join(', ')}.`);
  }
  const result = request.schema().safeParse(given, { error: plainMessage });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new FrsError('FRS.0012', issue && detailOf(issue, given));
}

/** Which parameter, and why. */
function detailOf({ path, message }: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): string {
  const [name] = path;
  if (name === undefined) return `The request ${message}.`;
  const where = path
    .map((part) => (part === inPath ? 'face_set_name' : String(part)))
    .join('.')
    .slice(0, 80);
  // A file has no other fault: these are bytes that could not be read as the text that the parameter is.
  const isBytes = Object.hasOwn(given, name) && given[String(name)] instanceof Uint8Array;
  return `Parameter: ${where}: ${isBytes ? 'must be text in the charset of its part (UTF-8 where it tells none)' : message}.`;
}

const types: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['array', 'a list'],
  ['object', 'an object'],
  ['boolean', 'true or false'],
]);

/** What is wrong where a schema has no words of its own; zod's are about JavaScript. */
function plainMessage(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${types.get(issue.expected) ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`;
    default:
      return undefined;
  }
}
