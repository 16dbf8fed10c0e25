import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPages } from '@openfrs/console/build';
import { buildWorkerCode } from '@openfrs/video/worker-build';
import { bundle } from './bundle.ts';
import { common, type Manifest, readManifest } from './manifest.ts';
import { bundledPackages, noticesOf, packageName } from './notices.ts';

/** Its own packages, whose code goes into it, and where that is. */
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

/** Its programs, and their names in `lib`. */
const programs = { 'packages/cli/src/index.ts': 'cli', 'packages/server/src/main.ts': 'main' };

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
  const dependencies = await compileServer(root, to);
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
    files: ['bin', 'lib', 'completion', 'operate', 'pages', 'own-server.md', 'NOTICES.md'],
    dependencies: { ...dependencies, 'onnxruntime-node': '*' },
    bundleDependencies: ['onnxruntime-node'],
  };
  await writeFile(join(to, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/**
 * Its code alone, which finds what it depends on in a `node_modules` above it.
 * @param to an empty folder; the command is `bin/openfrs.cjs`, the program of `npm start` `lib/main.js`
 * @returns what it depends on: packages that did not go into the bundle, and their versions
 */
export async function compileServer(root: string, to: string): Promise<Record<string, string>> {
  const lib = join(to, 'lib');
  const folders = Object.entries(carried).flatMap(([folder, sources]) =>
    sources.map((source) => join(folder, source)),
  );
  const bundled = bundledPackages(await bundle(root, lib, programs, folders));
  await writeFile(join(to, 'NOTICES.md'), await noticesOf(root, bundled));
  await writeFile(join(lib, 'package.json'), '{"type":"module"}\n');
  await writeFile(join(lib, 'video-worker.cjs'), await buildWorkerCode());
  // Where the code of `lib` looks for them.
  await cp(await buildPages(), join(to, 'pages'), { recursive: true });
  await cp(join(root, 'packages/cli/src/completion'), join(to, 'completion'), { recursive: true });
  await cp(join(root, 'packages/server/operate'), join(to, 'operate'), { recursive: true });
  await mkdir(join(to, 'bin'));
  await writeFile(join(to, 'bin/openfrs.cjs'), start);
  const manifests = await Promise.all(Object.keys(carried).map((folder) => readManifest(join(root, folder))));
  const needed = manifests.flatMap(({ dependencies = {} }) => Object.entries(dependencies));
  const inside = new Set([...bundled.map(packageName), ...builders]);
  return Object.fromEntries(
    needed.filter(([name]) => !name.startsWith('@openfrs/') && !inside.has(name)).sort(),
  );
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
import('../lib/cli.js').then(({ main }) => main()).then((code) => {
  if (serves) process.exit(code);
  process.exitCode = code;
});
`;
