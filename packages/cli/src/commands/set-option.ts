import { CliError } from '../failure.ts';
import type { Arguments } from './command.ts';

/** Of commands that work in a face set. */
export const setOption = ['--set <name>', 'the face set'] as const;

/** @throws CliError it was not given */
export function setOf(args: Arguments): string {
  const name = args.maybe('set');
  if (name === undefined) throw new CliError('Say in which face set with --set.');
  return name;
}
