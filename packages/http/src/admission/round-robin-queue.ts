import type { Flow } from './flow.ts';

/**
 * Waiters in round-robin order: a project after the other, within a project an operation after the other, within an
 * operation first come, first served. The flow that was served last is the last to be served again.
 */
export class RoundRobinQueue<Waiter> {
  readonly #projects = new Map<string, Map<string, Waiter[]>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(project: string, operation?: string): number {
    const lines = this.#projects.get(project);
    if (operation !== undefined) return lines?.get(operation)?.length ?? 0;
    return [...(lines?.values() ?? [])].reduce((sum, line) => sum + line.length, 0);
  }

  add({ project, operation }: Flow, waiter: Waiter): void {
    const lines = this.#projects.get(project) ?? new Map<string, Waiter[]>();
    const line = lines.get(operation) ?? [];
    line.push(waiter);
    lines.set(operation, line);
    this.#projects.set(project, lines);
    this.#size += 1;
  }

  /** Takes out who is next, of the projects that may be served. */
  next(
    mayServe: (project: string) => boolean = () => true,
  ): { readonly project: string; readonly waiter: Waiter } | undefined {
    for (const [project, lines] of this.#projects) {
      if (!mayServe(project)) continue;
      const [[operation, line] = []] = lines;
      const waiter = line?.shift();
      if (operation === undefined || line === undefined || waiter === undefined) continue;
      this.#size -= 1;
      toTheEnd(lines, operation, line, line.length > 0);
      toTheEnd(this.#projects, project, lines, lines.size > 0);
      return { project, waiter };
    }
    return undefined;
  }

  /** Takes somebody out who doesn't wait any more. */
  remove({ project, operation }: Flow, waiter: Waiter): void {
    const lines = this.#projects.get(project);
    const line = lines?.get(operation);
    const at = line?.indexOf(waiter) ?? -1;
    if (lines === undefined || line === undefined || at < 0) return;
    line.splice(at, 1);
    this.#size -= 1;
    if (line.length === 0) lines.delete(operation);
    if (lines.size === 0) this.#projects.delete(project);
  }
}

/** Maps keep the order of insertion: put in anew, an entry is the last. */
function toTheEnd<Value>(map: Map<string, Value>, key: string, value: Value, stays: boolean): void {
  map.delete(key);
  if (stays) map.set(key, value);
}
