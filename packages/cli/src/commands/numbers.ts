import { CliError } from '../failure.ts';

/** A number as it was typed. @throws CliError */
export function numberOf(text: string, what: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new CliError(`${what} is not a number: ${text}`);
  return value;
}
