import type { Config } from '@openfrs/core';

/**
 * How one implementation is made: an object literal, so that a bundler drops the parts that no operation of a function names. Parts
 * open at their first use, once a service.
 */
export interface Part<Name extends string, Value> {
  readonly name: Name;
  /** Called again at the next use after it threw, or after its promise was rejected. */
  open(context: PartContext): Value;
  /** Preset: the value's own `close`, where it has one. */
  close?(value: Awaited<Value>): unknown;
}

/** What a part is made from. */
export interface PartContext {
  readonly config: Config;
  now(): Date;
  /** The value of a part of the same service. @throws Error the service is closed, and what `open` throws */
  resolve<Value>(part: Part<string, Value>): Value;
}

/** Opens, keeps and closes the parts of one service. */
export interface PartRegistry extends PartContext {
  /**
   * Closes what was opened, the last opened first; nothing is resolved from then on. Further calls get the same promise.
   * @throws AggregateError parts that could not be closed; all others were
   */
  close(): Promise<void>;
}

type AnyPart = Part<string, unknown>;

/** What opens instead of a part, by its name. */
export type Replacements = Readonly<Record<string, ((context: PartContext) => unknown) | undefined>>;

export function createPartRegistry(
  config: Config,
  replacements: Replacements = {},
  now: () => Date = () => new Date(),
): PartRegistry {
  const opened = new Map<AnyPart, unknown>();
  let closing: Promise<void> | undefined;

  const registry: PartRegistry = {
    config,
    now,
    resolve<Value>(part: Part<string, Value>): Value {
      if (opened.has(part)) return opened.get(part) as Value;
      if (closing) throw new Error('The service is closed.');
      const open = (replacements[part.name] ?? part.open) as typeof part.open;
      const value = open(registry);
      opened.set(part, value);
      if (value instanceof Promise) value.catch(() => opened.delete(part));
      return value;
    },
    close: () => (closing ??= closeAll()),
  };

  async function closeAll(): Promise<void> {
    const closed = new Set<unknown>();
    const errors: unknown[] = [];
    for (const [part, opening] of [...opened].reverse()) {
      // What could not be opened has nothing to close.
      const value = await Promise.resolve(opening).catch(() => undefined);
      // One value may stand for two parts.
      if (closed.has(value)) continue;
      closed.add(value);
      try {
        await closeValue(part, value);
      } catch (error) {
        errors.push(error);
      }
    }
    opened.clear();
    if (errors.length > 0) throw new AggregateError(errors, 'Parts of the service could not be closed.');
  }

  return registry;
}

async function closeValue(part: AnyPart, value: unknown): Promise<void> {
  if (value === undefined) return;
  if (part.close) await part.close(value);
  else await (value as { close?(): unknown }).close?.();
}
