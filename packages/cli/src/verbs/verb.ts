import type { Command } from 'commander';
import type { Stores } from '../stores.ts';
import { type Output, print } from '../terminal/output.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What a verb works with. */
export interface Session {
  readonly terminal: Terminal;
  /** Opened at the first call: verbs that need no store start quicker. */
  stores(): Promise<Stores>;
  /** Set where a verb did its work and what it found is bad: exit code 1. */
  failed: boolean;
}

/** A verb that works on the stores, or one that needs none. */
export type Verb = VerbText & (StoresVerb | PlainVerb);

interface StoresVerb {
  run(stores: Stores, args: Arguments, terminal: Terminal): Promise<Output>;
}

interface PlainVerb {
  runAlone(args: Arguments, session: Session): Promise<Output>;
}

interface VerbText {
  /** With its arguments: `show <project>`. */
  readonly usage: string;
  readonly summary: string;
  /** `['--domain <name>', 'what it means']` */
  readonly options?: readonly (readonly [flags: string, meaning: string])[];
}

/** Arguments and options by name: `<project>` is `project`, `--face-sets <n>` is `faceSets`. */
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
    const output =
      'run' in verb
        ? await verb.run(await session.stores(), args, session.terminal)
        : await verb.runAlone(args, session);
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
