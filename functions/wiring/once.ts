const made = new Map<string, unknown>();
const names = new WeakMap<() => unknown, string>();

/**
 * A part of the service that is made at its first use and shared by all doors of the process. A part that
 * couldn't be made is tried again by the next request.
 */
export function once<Part>(name: string, make: () => Part): () => Part {
  const get = () => {
    if (made.has(name)) return made.get(name) as Part;
    const part = make();
    made.set(name, part);
    if (part instanceof Promise) part.catch(() => made.delete(name));
    return part;
  };
  names.set(get, name);
  return get;
}

/** Puts a host's own part in the place of the one that would be made, until `closeAll`: `provide(chores, mine)`. */
export function provide<Part>(part: () => Part, own: Part): void {
  made.set(names.get(part) as string, own);
}

/**
 * Closes what can be closed (models, connections), the last made first, and forgets every part: for a process that
 * stops the service and may start it again with other settings.
 */
export async function closeAll(): Promise<void> {
  for (const part of [...made.values()].reverse()) {
    // What couldn't be made has nothing to close.
    const whole = await Promise.resolve(part).catch(() => undefined);
    const { close, destroy } = (whole ?? {}) as { close?: () => unknown; destroy?: () => unknown };
    await (close ?? destroy)?.call(whole);
  }
  made.clear();
}
