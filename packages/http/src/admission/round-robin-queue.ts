import type { Flow } from './flow.ts';

interface Entry<Waiter> {
  readonly waiter: Waiter;
  /** How many came before. */
  readonly number: number;
}

/**
 * Waiters in round-robin order: a project after the other, within a project an operation after the other, within an
 * operation first come, first served. The flow that was served last is the last to be served again.
 */
export class RoundRobinQueue<Waiter> {
  readonly #projects = new Map<string, Map<string, Entry<Waiter>[]>>();
  #size = 0;
  #added = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(project: string, operation?: string): number {
    const lines = this.#projects.get(project);
    if (operation !== undefined) return lines?.get(operation)?.length ?? 0;
    return [...(lines?.values() ?? [])].reduce((sum, line) => sum + line.length, 0);
  }

  /**
   * How many of each operation are served before one that the flow would add now. Within another project, who is before it
   * is taken to be spread over the operations as all that wait are.
   */
  before({ project, operation }: Flow): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    const count = (name: string, more: number) => counts.set(name, (counts.get(name) ?? 0) + more);
    const own = this.sizeOf(project, operation);
    let turns = 0;
    for (const [name, line] of this.#projects.get(project) ?? []) {
      const ahead = Math.min(line.length, name === operation ? own : own + 1);
      count(name, ahead);
      turns += ahead;
    }
    for (const [name, lines] of this.#projects) {
      const size = this.sizeOf(name);
      if (name === project) continue;
      const share = Math.min(size, turns + 1) / size;
      for (const [other, line] of lines) count(other, line.length * share);
    }
    return counts;
  }

  add({ project, operation }: Flow, waiter: Waiter): void {
    const lines = this.#projects.get(project) ?? new Map<string, Entry<Waiter>[]>();
    const line = lines.get(operation) ?? [];
    line.push({ waiter, number: this.#added++ });
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
      const first = line?.shift();
      if (operation === undefined || line === undefined || first === undefined) continue;
      this.#size -= 1;
      toTheEnd(lines, operation, line, line.length > 0);
      toTheEnd(this.#projects, project, lines, lines.size > 0);
      return { project, waiter: first.waiter };
    }
    return undefined;
  }

  /** The project with the most waiters. */
  largestProject(): string | undefined {
    let largest: string | undefined;
    let most = 0;
    for (const project of this.#projects.keys()) {
      const size = this.sizeOf(project);
      if (size <= most) continue;
      most = size;
      largest = project;
    }
    return largest;
  }

  /** The operation with the most waiters of a project; among equals the one whose last waiter came last. */
  largestOperation(project: string): string | undefined {
    const lines = [...(this.#projects.get(project) ?? [])];
    const last = (line: readonly Entry<Waiter>[]) => line.at(-1)?.number ?? 0;
    lines.sort(([, one], [, other]) => other.length - one.length || last(other) - last(one));
    return lines[0]?.[0];
  }

  /** Takes out the waiter of a flow that came last. */
  takeNewest(flow: Flow): Waiter | undefined {
    const newest = this.#projects.get(flow.project)?.get(flow.operation)?.at(-1)?.waiter;
    if (newest !== undefined) this.remove(flow, newest);
    return newest;
  }

  /** Takes somebody out who doesn't wait any more. */
  remove({ project, operation }: Flow, waiter: Waiter): void {
    const lines = this.#projects.get(project);
    const line = lines?.get(operation);
    const at = line?.findLastIndex((entry) => entry.waiter === waiter) ?? -1;
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
