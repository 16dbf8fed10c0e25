import { readConfig } from '@openfrs/core';
import { describe, expect, it } from 'vitest';
import { createPartRegistry, type Part, type Replacements } from './part.ts';

/** A part that notes when it is opened and closed. */
function noted(name: string, log: string[], inner?: Part<string, unknown>): Part<string, object> {
  return {
    name,
    open({ resolve }) {
      if (inner) resolve(inner);
      log.push(`open ${name}`);
      return { close: async () => log.push(`close ${name}`) };
    },
  };
}
const registry = (replacements?: Replacements) => createPartRegistry(readConfig({}), replacements);

describe('a part', () => {
  it('is opened at its first use, once a service', () => {
    const log: string[] = [];
    const part = noted('one', log);
    const [service, other] = [registry(), registry()];
    expect(log).toEqual([]);
    expect(service.resolve(part)).toBe(service.resolve(part));
    expect(other.resolve(part)).not.toBe(service.resolve(part));
    expect(log).toEqual(['open one', 'open one']);
  });

  it('that could not be opened is opened again at its next use', async () => {
    let tries = 0;
    const sync: Part<'sync', number> = {
      name: 'sync',
      open() {
        if (++tries % 2) throw new Error('not yet');
        return tries;
      },
    };
    const async: Part<'async', Promise<number>> = { name: 'async', open: async () => sync.open(service) };
    const service = registry();
    expect(() => service.resolve(sync)).toThrow('not yet');
    expect(service.resolve(sync)).toBe(2);
    await expect(service.resolve(async)).rejects.toThrow('not yet');
    expect(await service.resolve(async)).toBe(4);
  });

  it("is the host's own where it has one, which may use the others", () => {
    const log: string[] = [];
    const used = noted('used', log);
    const service = registry({ one: ({ resolve }) => [resolve(used)] });
    expect(service.resolve(noted('one', log))).toEqual([service.resolve(used)]);
    expect(log).toEqual(['open used']);
  });
});

describe('close', () => {
  it('closes what was opened, the last opened first, once however often it is called', async () => {
    const log: string[] = [];
    const inner = noted('inner', log);
    const service = registry();
    service.resolve(noted('outer', log, inner));
    await Promise.all([service.close(), service.close()]);
    await service.close();
    expect(log).toEqual(['open inner', 'open outer', 'close outer', 'close inner']);
    expect(() => service.resolve(noted('late', log))).toThrow('closed');
  });

  it('goes on after a part that fails, and throws last', async () => {
    const log: string[] = [];
    const service = registry();
    const broken: Part<'broken', object> = {
      name: 'broken',
      open: () => ({}),
      close: () => Promise.reject(new Error('stuck')),
    };
    service.resolve(noted('first', log));
    service.resolve(broken);
    service.resolve(noted('last', log));
    await expect(service.close()).rejects.toThrow(AggregateError);
    expect(log.slice(2)).toEqual(['close last', 'close first']);
  });

  it('closes a value that stands for two parts once, and nothing of a part that could not be opened', async () => {
    const log: string[] = [];
    const value = { close: () => log.push('closed') };
    const one: Part<'one', object> = { name: 'one', open: () => value };
    const two: Part<'two', Promise<object>> = { name: 'two', open: async () => value };
    const none: Part<'none', Promise<never>> = {
      name: 'none',
      open: async () => Promise.reject(new Error()),
    };
    const service = registry();
    for (const part of [one, two, none]) service.resolve(part);
    await service.close();
    expect(log).toEqual(['closed']);
  });
});
