import type * as z from 'zod';
import { FrsError } from '../error.ts';

/** What a request must hold, and how its parameters are read into plain types. */
export interface RequestSchema<Parameters> {
  /** Parameters that must be there. */
  readonly required?: readonly string[];
  /** Groups of which exactly one must be there. */
  readonly oneOf?: readonly (readonly string[])[];
  /** Of these at least one must be there. */
  readonly anyOf?: readonly string[];
  readonly schema: z.ZodType<Parameters>;
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
  const result = request.schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new FrsError(
    'FRS.0012',
    `Parameter: ${issue?.path.map(String).join('.').slice(0, 80)}: ${issue?.message}.`,
  );
}
