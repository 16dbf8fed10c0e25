import type { Command } from 'commander';
import type { Stores } from '../stores.ts';
import { type Output, print } from '../terminal/output.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What a command works with. */
export interface Session {
  readonly terminal: Terminal;
  /** Opened at the first call: commands that need no store start quicker. */
  stores(): Promise<Stores>;
  /** Set where a command did its work and what it found is bad: exit code 1. */
  failed: boolean;
}

/** A command that works on the stores, or one that needs none. */
export type CommandDefinition = CommandText & (StoresCommand | StorelessCommand);

interface StoresCommand {
  run(stores: Stores, args: Arguments, terminal: Terminal): Promise<Output>;
}

interface StorelessCommand {
  runWithoutStores(args: Arguments, session: Session): Promise<Output>;
}

interface CommandText {
  /** With its arguments: `show <project>`. */
  readonly usage: string;
  readonly summary: string;
  /** `['--domain <name>', 'what it means']` */
  readonly options?: readonly (readonly [flags: string, meaning: string])[];
}

/** Arguments and options by name: `<project>` is `project`, `--face-sets <n>` is `faceSets`. */
export interface Arguments {
  /** The argument or option of that name. @throws Error if the command has none, which is a mistake in its definition */
  one(name: string): string;
  maybe(name: string): string | undefined;
  many(name: string): readonly string[];
  flag(name: string): boolean;
}

/** A group of commands (`openfrs user …`); every command also takes `--json`. */
export function group(
  program: Command,
  session: Session,
  name: string,
  summary: string,
  definitions: readonly CommandDefinition[],
): void {
  const parent = program.command(name).description(summary);
  for (const definition of definitions) addCommand(parent, session, definition);
}

/** Adds one command to a group or to the program itself. */
export function addCommand(parent: Command, session: Session, definition: CommandDefinition): void {
  const command = parent.command(definition.usage).description(definition.summary);
  for (const [flags, meaning] of definition.options ?? []) command.option(flags, meaning);
  command.option('--json', 'answer with JSON');
  command.action(async () => {
    const values = command.opts<Record<string, unknown>>();
    const args = argumentsOf(command, values);
    const output =
      'run' in definition
        ? await definition.run(await session.stores(), args, session.terminal)
        : await definition.runWithoutStores(args, session);
    print(output, session.terminal, values.json === true);
    if ('failed' in output && output.failed === true) session.failed = true;
  });
}

function argumentsOf(command: Command, options: Readonly<Record<string, unknown>>): Arguments {
  const positional = new Map(
    command.registeredArguments.map((argument, index): [string, unknown] => [
      argument.name(),
      command.processedArgs[index],
    ]),
  );
  const value = (name: string) => positional.get(name) ?? options[name];
  const maybe = (name: string) => {
    const found = value(name);
    return typeof found === 'string' ? found : undefined;
  };
  return {
    maybe,
    one(name) {
      const found = maybe(name);
      if (found === undefined) throw new Error(`${command.name()} takes no argument "${name}"`);
      return found;
    },
    many(name) {
      const found = value(name);
      return Array.isArray(found) ? found.map(String) : [];
    },
    flag: (name) => value(name) === true,
  };
}
