import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPages } from '@openfrs/console/build';
import { buildWorkerCode } from '@openfrs/video/worker-build';
import { compileFolder } from './compile.ts';
import { common, type Manifest, readManifest } from './manifest.ts';

/** Its own packages that it carries with it, and where their code is. */
export const carried: Readonly<Record<string, readonly string[]>> = {
  'packages/cli': ['src'],
  'packages/client': ['src'],
  'packages/console': ['server'],
  'packages/contract': ['src'],
  'packages/core': ['src'],
  'packages/embedded': ['src'],
  'packages/http': ['src'],
  'packages/liveness': ['src'],
  'packages/search': ['src'],
  'packages/server': ['src', 'operate'],
  'packages/service': ['src'],
  'packages/store': ['src'],
  'packages/video': ['src'],
  'packages/vision': ['src'],
  models: ['src'],
};

/** What builds, and what is for development only, is not needed where things are built. */
const builders = ['tsx', 'vite', 'preact', 'uplot', '@noble/hashes', 'fflate', 'papaparse'];

/** Where its CPU library is for: its install script, which wants NuGet, is left behind with the rest. */
const allPlatforms: readonly string[] = ['linux/x64', 'linux/arm64', 'darwin/arm64'];

/** Of what is published. */
export interface PublishOptions {
  /** `owner/name` on GitHub, where a workflow publishes it. */
  readonly repository?: string | undefined;
  /** `linux/x64` …: where its CPU library is for; absent: all that it is published for. */
  readonly platforms?: readonly string[] | undefined;
}

/** `openfrs` as it is published: the command line and the server, compiled, with their own packages inside. @param to an empty folder */
export async function buildServer(
  root: string,
  to: string,
  { repository, platforms = allPlatforms }: PublishOptions = {},
): Promise<void> {
  const { names, dependencies } = await compileServer(root, to);
  Object.assign(dependencies, await carryOnnxruntime(root, join(to, 'node_modules'), platforms));
  delete dependencies['onnxruntime-node'];
  for (const file of ['LICENSE', 'README.md']) await cp(join(root, file), join(to, file));
  await cp(join(root, 'packages/docs/own-server.md'), join(to, 'own-server.md'));
  const { version } = await readManifest(root);
  const manifest = {
    name: 'openfrs',
    version,
    description:
      'A face recognition service that anyone can own: the API of Huawei Cloud FRS v2 on your own server.',
    ...common(repository),
    bin: { openfrs: 'bin/openfrs.cjs' },
    exports: { './package.json': './package.json' },
    files: ['bin', 'own-server.md'],
    dependencies: {
      ...dependencies,
      ...Object.fromEntries([...names, 'onnxruntime-node'].map((name) => [name, '*'])),
    },
    bundleDependencies: [...names, 'onnxruntime-node'],
  };
  await writeFile(join(to, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/**
 * Its code alone, which finds what it depends on in a `node_modules` above it.
 * @param to an empty folder; the command is `bin/openfrs.cjs`
 * @returns the names of its own packages, and what they depend on
 */
export async function compileServer(
  root: string,
  to: string,
): Promise<{ names: string[]; dependencies: Record<string, string> }> {
  const modules = join(to, 'node_modules');
  const dependencies: Record<string, string> = {};
  const names: string[] = [];
  for (const [folder, sources] of Object.entries(carried)) {
    const manifest = await readManifest(join(root, folder));
    const target = join(modules, manifest.name);
    for (const source of sources) await compileFolder(join(root, folder, source), join(target, source));
    await writeManifest(target, manifest);
    names.push(manifest.name);
    for (const [name, version] of Object.entries(manifest.dependencies ?? {}))
      if (!name.startsWith('@openfrs/') && !builders.includes(name)) dependencies[name] = version;
  }
  await cp(join(root, 'models/manifest.json'), join(modules, '@openfrs/models/manifest.json'));
  await cp(await buildPages(), join(modules, '@openfrs/console/pages'), { recursive: true });
  await writeFile(join(modules, '@openfrs/video/worker.js'), await buildWorkerCode());
  await mkdir(join(to, 'bin'));
  await writeFile(join(to, 'bin/openfrs.cjs'), start);
  return { names, dependencies };
}

/** Its exports name compiled files; what it depends on, the outer package does. */
async function writeManifest(folder: string, { name, version, exports }: Manifest): Promise<void> {
  const compiled = Object.entries(exports)
    .filter(([path]) => path !== './testing')
    .map(([path, file]) => [path, file.replace(/\.ts$/, '.js')]);
  const manifest = {
    name,
    version,
    license: common().license,
    type: 'module',
    exports: Object.fromEntries(compiled),
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** @returns what it needs when it runs */
async function carryOnnxruntime(
  root: string,
  modules: string,
  platforms: readonly string[],
): Promise<Record<string, string>> {
  const from = join(root, 'node_modules/onnxruntime-node');
  const to = join(modules, 'onnxruntime-node');
  await cp(from, to, {
    recursive: true,
    filter: (path) => {
      const platform = /\/bin\/[^/]+\/([^/]+\/[^/]+)/.exec(path.slice(from.length))?.[1];
      const isForOthers = platform !== undefined && !platforms.includes(platform);
      return !isForOthers && !/\/(script|lib\/.*\.map)$/.test(path);
    },
  });
  const {
    dependencies = {},
    scripts: _,
    devDependencies: __,
    ...kept
  } = (await readManifest(from)) as Manifest & {
    readonly scripts: object;
    readonly devDependencies: object;
  };
  await writeFile(join(to, 'package.json'), JSON.stringify(kept));
  // The others are of its install script.
  return { 'onnxruntime-common': dependencies['onnxruntime-common'] ?? kept.version };
}

const start = `#!/usr/bin/env node
const { join } = require('node:path');
const { homedir } = require('node:os');
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const serves = process.argv[2] === 'serve';
// libuv reads it when it first needs a thread, which loading an ES module does.
if (serves) process.env.UV_THREADPOOL_SIZE ??= '8';
// Models are built at the first start: into a folder that outlives this package, and that the user may write.
process.env.FRS_MODELS_DIR ||= join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'openfrs', 'models');
process.env.FRS_VIDEO_WORKER ||= join(__dirname, '../node_modules/@openfrs/video/worker.js');
import('@openfrs/cli').then(({ main }) => main()).then((code) => {
  if (serves) process.exit(code);
  process.exitCode = code;
});
`;
