import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

/**
 * Packages that stay as they are installed: native code, files that they find by their own place, modules loaded by a computed name, and
 * what few starts need.
 */
const external = [
  ...['@ffmpeg/core', 'classic-level', 'onnxruntime-node', 'sharp', 'swagger-ui-dist'],
  ...['dynalite', 'pino'],
  ...['@npmcli/config', '@opentelemetry/*', 'pacote'],
  // Pages are built before they are published.
  ...['vite', '../vite.config.ts'],
];

/** CommonJS packages ask for Node's own modules by `require`. */
const banner =
  "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);";

/** How our code names the file that a thread or a process of its own begins with. */
const ownStart = /new URL\('(\.\/[\w-]+\.mjs)', import\.meta\.url\)/g;

/**
 * The name in the bundle of a file that a thread or a process begins with.
 * @param path below the folder of packages, `server/src/vision/worker.mjs`
 * @returns `server-vision-worker.js`
 */
export const startName = (path: string): string =>
  path
    .replace('/src/', '-')
    .replaceAll('/', '-')
    .replace(/\.\w+$/, '.js');

/**
 * Bundles programs of this repository and what they import into one folder, with chunks that they share: a process reads a few files in
 * place of two thousand. What starts a thread or process finds it there, too.
 * @param root of the repository
 * @param to the folder
 * @param programs names in the bundle, without `.js`, by path of the source
 * @param packages folders in which threads and processes begin, too
 * @returns esbuild's account of what went into each file
 * @throws esbuild's Error where a source can't be compiled
 */
export async function bundle(
  root: string,
  to: string,
  programs: Readonly<Record<string, string>>,
  packages: readonly string[],
): Promise<Metafile> {
  const starts = await Promise.all(packages.map((folder) => startsIn(join(root, folder))));
  const { metafile } = await build({
    entryPoints: [
      ...Object.entries(programs).map(([path, out]) => ({ in: join(root, path), out })),
      ...starts.flat().map((file) => ({
        in: file,
        out: basename(startName(relative(join(root, 'packages'), file)), '.js'),
      })),
    ],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    banner: { js: banner },
    external,
    plugins: [ownFiles(root)],
    outdir: to,
    metafile: true,
    legalComments: 'none',
    logLevel: 'error',
    absWorkingDir: root,
  });
  return metafile;
}

async function startsIn(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && file.name.endsWith('.mjs'))
    .map((file) => join(file.parentPath, file.name));
}

/** Our own sources name what a thread begins with by its place, and register tsx in it, which compiled code does without. */
function ownFiles(root: string): Plugin {
  const packages = join(root, 'packages');
  return {
    name: 'own-files',
    setup({ onLoad }) {
      onLoad({ filter: /\.(ts|mjs)$/ }, async ({ path }) => {
        if (!path.startsWith(`${packages}/`) || path.includes('/node_modules/')) return undefined;
        const source = await readFile(path, 'utf8');
        if (path.endsWith('.mjs')) return { contents: withoutLoader(source), loader: 'js' };
        const place = relative(packages, dirname(path));
        const contents = source.replace(
          ownStart,
          (_, name: string) => `new URL('./${startName(join(place, name))}', import.meta.url)`,
        );
        return { contents: namedJson(contents), loader: 'ts' };
      });
    },
  };
}

const withoutLoader = (code: string) =>
  code
    .replace(/^import \{ (createRequire|register) \} from '(node:module|tsx\/cjs\/api)';\n/gm, '')
    .replace(/^register\(\);\n/m, '')
    .replace(/createRequire\(import\.meta\.url\)\(/, 'await import(');

/** With their type stated, esbuild takes a whole JSON file only, as browsers do. */
const namedJson = (code: string) =>
  code.replace(/^(import \{[^}]*\} from '[^']*\.json') with \{ type: 'json' \};$/gm, '$1;');
