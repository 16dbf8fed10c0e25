import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { common, readManifest } from './manifest.ts';

/** `@openfrs/client` as it is published: ES modules, their types, and one entry. @param to an empty folder */
export async function buildClient(root: string, to: string, repository?: string): Promise<void> {
  const source = join(root, 'packages/client');
  const { name, version, dependencies } = await readManifest(source);
  await mkdir(to, { recursive: true });
  const options = {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023', 'dom', 'dom.iterable'],
      module: 'nodenext',
      strict: true,
      skipLibCheck: true,
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: join(source, 'src'),
      outDir: join(to, 'dist'),
    },
    files: [join(source, 'src/index.ts')],
  };
  const project = join(to, 'tsconfig.json');
  await writeFile(project, JSON.stringify(options));
  await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project]);
  await rm(project);
  await nameTypes(join(to, 'dist'));
  await cp(join(source, 'README.md'), join(to, 'README.md'));
  await cp(join(root, 'LICENSE'), join(to, 'LICENSE'));
  const manifest = {
    name,
    version,
    description: 'A typed client of openfrs and of Huawei Cloud FRS v2, for browsers and Node.',
    ...common(repository),
    sideEffects: false,
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist'],
    dependencies,
  };
  await writeFile(join(to, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** The compiler leaves the names of sources in types. */
async function nameTypes(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue;
    const file = join(folder, name);
    await writeFile(file, plainNames(await readFile(file, 'utf8')));
  }
}

/** Relative names of TypeScript files, in imports. */
const plainNames = (code: string) => code.replace(/(["'])(\.{1,2}\/[^"'\n]*)\.ts\1/g, '$1$2.js$1');
