import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'vitest/config';
import type { TestProject } from 'vitest/node';

const packages = fileURLToPath(new URL('../../packages', import.meta.url));
type Publishing = typeof import('@openfrs/publishing/compiled-server');

interface Compiled {
  readonly folder: string;
  readonly startName: Publishing['startName'];
}

/** How our code names the file that a thread or a process of its own begins with. */
const ownStart = /new URL\('(\.\/[\w-]+\.mjs)', import\.meta\.url\)/g;

/**
 * A service inside a test's process starts its threads and vision workers compiled: from source each compiles hundreds of modules anew.
 * `privacy.test.ts` starts from source, as a user does.
 */
export function compiledThreads(): Plugin {
  let project: TestProject | undefined;
  let server: Promise<Compiled> | undefined;
  const compiled = async (): Promise<Compiled> => {
    if (project === undefined) throw new Error('Vitest gave no project to compile the server with.');
    const { compiledServer, startName } = await project.import<Publishing>(
      fileURLToPath(new URL('../../packages/publishing/src/compiled-server.ts', import.meta.url)),
    );
    return { folder: await compiledServer(), startName };
  };
  return {
    name: 'openfrs-compiled-threads',
    enforce: 'pre',
    configureVitest: (context) => {
      project ??= context.project;
      // The path that is put in is of what is compiled now.
      context.experimental_defineCacheKeyGenerator(({ sourceCode }) => {
        return sourceCode.search(ownStart) === -1 ? undefined : false;
      });
    },
    async transform(code, id) {
      const [file = ''] = id.split('?');
      if (!file.startsWith(`${packages}/`) || code.search(ownStart) === -1) return;
      server ??= compiled();
      const { folder, startName } = await server;
      return code.replace(ownStart, (_, name: string) => {
        const start = join(folder, 'lib', startName(relative(packages, join(file, '..', name))));
        if (!existsSync(start)) throw new Error(`${start}, which ${file} starts, is not compiled.`);
        return `new URL('${pathToFileURL(start)}')`;
      });
    },
  };
}
