import { readFileSync } from 'node:fs';

/** A package of the lockfile that belongs into a layer. */
export interface LockedPackage {
  /** Its place under the layer's root: `node_modules/sharp`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** Subresource integrity (sha512). */
  readonly integrity: string;
}

export interface Platform {
  readonly os: 'linux';
  readonly cpu: 'arm64' | 'x64';
  readonly libc: 'glibc';
}

interface LockEntry {
  readonly version: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

/**
 * The packages that `roots` need on a platform, from the project's lockfile: dependencies, and those optional
 * dependencies whose os, cpu and libc fit. Packages that only install scripts use are left out by `skip`.
 */
export function closure(
  lockfile: string,
  roots: readonly string[],
  platform: Platform,
  skip: ReadonlySet<string>,
): LockedPackage[] {
  const { packages } = JSON.parse(readFileSync(lockfile, 'utf8')) as { packages: Record<string, LockEntry> };
  const found = new Map<string, LockedPackage>();
  const visit = (name: string, from: string): void => {
    if (skip.has(name)) return;
    const path = resolve(packages, name, from);
    if (path === undefined || found.has(path)) return;
    const entry = packages[path] as LockEntry;
    if (!fits(entry, platform)) return;
    if (entry.integrity === undefined) throw new Error(`${path} has no integrity in the lockfile`);
    found.set(path, { path, name, version: entry.version, integrity: entry.integrity });
    for (const next of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }))
      visit(next, path);
  };
  for (const root of roots) visit(root, '');
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Node's own way: the nearest node_modules above. */
function resolve(packages: Record<string, LockEntry>, name: string, from: string): string | undefined {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    const path = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (base === '') return undefined;
  }
}

function fits(entry: LockEntry, platform: Platform): boolean {
  const allows = (list: readonly string[] | undefined, own: string) =>
    list === undefined || list.includes(own);
  return (
    allows(entry.os, platform.os) && allows(entry.cpu, platform.cpu) && allows(entry.libc, platform.libc)
  );
}
