import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { CliError } from '../failure.ts';
import { addCommand, type Session } from './command.ts';

type Words = readonly (readonly [beginning: string, next: readonly string[]])[];

/** Completion scripts, made from the program itself. */
export function completionCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'completion <shell>',
    summary: 'Print a completion script for bash, zsh or fish: source <(openfrs completion bash)',
    async runWithoutStores(args) {
      const script = await scriptFor(args.one('shell'), wordsOf(program));
      return { done: script.trimEnd(), record: { script } };
    },
  });
}

/** What may follow each beginning: `''`, `user`, `user create`. */
function wordsOf(command: Command, beginning = ''): Words {
  const children = command.commands.map((child) => child.name());
  const options = command.options.flatMap(({ long }) => (long ? [long] : []));
  return [
    [beginning, [...children, ...options, '--help']],
    ...command.commands.flatMap((child) => wordsOf(child, `${beginning} ${child.name()}`.trim())),
  ];
}

async function scriptFor(shell: string, words: Words): Promise<string> {
  if (shell === 'fish') return fish(words);
  if (shell !== 'bash' && shell !== 'zsh') throw new CliError('There is completion for bash, zsh and fish.');
  const template = await readFile(new URL('../completion/openfrs.bash', import.meta.url), 'utf8');
  const cases = words.map(([beginning, next]) => `    '${beginning}') words='${next.join(' ')}' ;;`);
  return template.replace('#CASES#', cases.join('\n'));
}

function fish(words: Words): string {
  return words
    .map(([beginning, next]) => {
      const seen = beginning.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
      const condition = beginning === '' ? '__fish_use_subcommand' : seen.join('; and ');
      return `complete -c openfrs -n '${condition}' -a '${next.join(' ')}'\n`;
    })
    .join('');
}
