import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { decodePicture, encodeJpeg, resized } from '@openfrs/vision/image';
import { build } from 'esbuild';
import { compiled } from '../support/compiled.ts';
import { type CompiledService, startCompiled } from '../support/compiled-service.ts';
import { root } from '../support/pages.ts';
import { smallPhoto } from '../support/small-photos.ts';
import { stillVideo } from '../support/still-video.ts';

const execute = promisify(execFile);

/** A folder in which the documentation's examples run as in the repository's, beside a server of its own. */
export interface Workshop {
  readonly server: CompiledService;
  /** Runs shell blocks one after the other in one shell; answers what each of them has printed. */
  shell(blocks: readonly string[]): Promise<string[]>;
  /** Runs a module of TypeScript, with our client in it; answers what it has printed. */
  module(name: string, text: string): Promise<string>;
  /** Checks modules against the types of what they import; answers the compiler's complaints. */
  complaints(modules: ReadonlyMap<string, string>): Promise<string>;
  close(): Promise<void>;
}

/** The photo, 640 pixels wide. */
async function small(file: Buffer): Promise<Uint8Array> {
  const frame = await decodePicture(file);
  return await encodeJpeg(await resized(frame, 640, Math.round((640 * frame.height) / frame.width)));
}

/** What a shell prints between two blocks. */
const separator = '\u001e';

export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'openfrs-docs-'));
  for (const name of await readdir(root)) {
    if (name !== '.data' && name !== '.git') await symlink(join(root, name), join(folder, name));
  }
  // Photos of one's own, as the pages speak of them; small, since the figures of `bench accuracy` degrade each in many ways.
  const people = {
    'people/ann/1.jpg': smallPhoto(1),
    'people/ann/2.jpg': smallPhoto(3),
    'people/bea/1.jpg': smallPhoto(2),
  };
  for (const [file, bytes] of Object.entries(people)) {
    await mkdir(join(folder, dirname(file)), { recursive: true });
    await writeFile(join(folder, file), await small(bytes));
  }
  const { bin, env: places } = await compiled();
  const [server, video] = await Promise.all([startCompiled(join(folder, '.data')), stillVideo()]);
  await copyFile(video, join(folder, 'video.webm'));
  // As a shell that has read nothing yet: the examples say where their settings come from.
  const shell = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(FRS|AWS)_/.test(name)));
  const env = { ...shell, ...places };
  // Of what `npx` finds only our command is another: compiled.
  const npx = `npx() { if [ "$1" = openfrs ]; then shift; node '${bin}' "$@"; else command npx "$@"; fi; }`;
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
  return {
    server,
    async shell(blocks) {
      const script = [`set -eu -o pipefail\n${npx}`, ...blocks].join(`\nprintf '${separator}'\n`);
      const { stdout } = await execute('bash', ['-c', script], { ...options, env });
      return stdout.split(separator).slice(1);
    },
    async module(name, text) {
      await writeFile(join(folder, name), text);
      const program = name.replace(/\.ts$/, '.mjs');
      await build({
        ...{ absWorkingDir: folder, entryPoints: [name], outfile: program, logLevel: 'silent' },
        ...{ bundle: true, format: 'esm', platform: 'node', target: `node${process.versions.node}` },
        // Those of others are read by Node itself, as the reader's are.
        ...{ packages: 'external', alias: { '@openfrs/client': join(root, 'packages/client/src/index.ts') } },
      });
      const settings = { ...env, ...server.credentials };
      return (await execute('node', [program], { ...options, env: settings })).stdout;
    },
    async complaints(modules) {
      for (const [name, text] of modules) await writeFile(join(folder, name), text);
      const config = { extends: './tsconfig.json', include: [...modules.keys()] };
      await writeFile(join(folder, 'tsconfig.docs.json'), JSON.stringify(config));
      const check = execute('npx', ['tsc', '--noEmit', '-p', 'tsconfig.docs.json'], { ...options, env });
      return await check.then(
        () => '',
        ({ stdout }: { stdout: string }) => stdout,
      );
    },
    async close() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
