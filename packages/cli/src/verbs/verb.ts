import type { Command } from 'commander';
import type { Stores } from '../stores.ts';
import { type Output, print } from '../terminal/output.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What a verb works with. */
export interface Session {
  readonly terminal: Terminal;
  stores(): Promise<Stores>;
}

/** Options that take a value, and flags: both by their long name in camel case. */
export type Options = Readonly<Record<string, string | true | undefined>>;

export interface Verb {
  /** With its arguments: `show <project>`. */
  readonly usage: string;
  readonly summary: string;
  /** `['--domain <name>', 'what it means']` */
  readonly options?: readonly (readonly [flags: string, meaning: string])[];
  /** Given by name: `<project>` is `project`; a list (`<bucket...>`) comes joined as an array. */
  run(stores: Stores, args: Arguments, terminal: Terminal): Promise<Output>;
}

export interface Arguments {
  /** The argument or option of that name. @throws Error if the verb has none, which is a mistake in the verb */
  one(name: string): string;
  maybe(name: string): string | undefined;
  many(name: string): readonly string[];
  flag(name: string): boolean;
}

/** A group of verbs (`openfrs user …`); every verb also takes `--json`. */
export function group(
  program: Command,
  session: Session,
  name: string,
  summary: string,
  verbs: readonly Verb[],
): void {
  const parent = program.command(name).description(summary);
  for (const verb of verbs) addVerb(parent, session, verb);
}

/** One verb, of a group or of the program itself. */
export function addVerb(parent: Command, session: Session, verb: Verb): void {
  const command = parent.command(verb.usage).description(verb.summary);
  for (const [flags, meaning] of verb.options ?? []) command.option(flags, meaning);
  command.option('--json', 'answer with JSON');
  command.action(async () => {
    const values = command.opts<Record<string, unknown>>();
    const args = argumentsOf(command, values);
    print(
      await verb.run(await session.stores(), args, session.terminal),
      session.terminal,
      values.json === true,
    );
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
