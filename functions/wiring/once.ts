const made = new Map<string, unknown>();

/**
 * A part of the service that is made at its first use and shared by all doors of the process. A part that
 * couldn't be made is tried again by the next request.
 */
export function once<Part>(name: string, make: () => Part): () => Part {
  return () => {
    if (made.has(name)) return made.get(name) as Part;
    const part = make();
    made.set(name, part);
    if (part instanceof Promise) part.catch(() => made.delete(name));
    return part;
  };
}

/** Forgets every part: for a process that stops the service and starts it again with other settings. */
export function forgetAll(): void {
  made.clear();
}
