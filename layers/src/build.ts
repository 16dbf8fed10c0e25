import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { modelsDir } from '@openfrs/models';
import { ensureModels } from '@openfrs/models/ensure';
import { extractPackage } from '@openfrs/models/npm-package';
import { buildWorkerCode } from '@openfrs/video/worker-build';
import { closure, type Platform } from './lockfile.ts';
import { isNeeded } from './prune.ts';
import { type Level, type Zipped, zipFolder } from './zip.ts';

export interface BuiltLayer extends Zipped {
  readonly name: string;
  readonly file: string;
}

const anyPlatform: Platform = { os: 'linux', cpu: 'x64', libc: 'glibc' };

/** Lambda's limit for a function with all its layers, unzipped. */
export const unzippedLimit = 262_144_000;

/** onnxruntime-node's install script is not run; what only it needs stays out. */
const installOnly = new Set(['adm-zip', 'global-agent']);

/**
 * Builds `native-<cpu>.zip` for each CPU, `models.zip` and `ffmpeg.zip` into `out`, from the lockfile and the
 * models' manifest alone: the same bytes on every machine.
 * @param level 0 for tests that only unpack them: plain JavaScript takes its time to deflate 260 MB
 */
export async function buildLayers(
  root: string,
  out: string,
  cpus: readonly Platform['cpu'][],
  progress: (line: string) => void = () => {},
  modelsFolder = modelsDir(),
  level: Level = 6,
): Promise<BuiltLayer[]> {
  await mkdir(out, { recursive: true });
  const built: BuiltLayer[] = [];
  const layer = async (name: string, fill: (folder: string) => Promise<void>) => {
    progress(`building ${name}`);
    const folder = await mkdtemp(join(tmpdir(), 'openfrs-layer-'));
    try {
      await fill(folder);
      const file = join(out, `${name}.zip`);
      built.push({ name, file, ...(await zipFolder(folder, file, level)) });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  for (const cpu of cpus) await layer(`native-${cpu}`, (folder) => native(root, folder, cpu));
  await layer('models', (folder) => models(folder, modelsFolder, progress));
  await layer('ffmpeg', (folder) => ffmpeg(root, folder));
  return built;
}

async function native(root: string, folder: string, cpu: Platform['cpu']): Promise<void> {
  const platform: Platform = { os: 'linux', cpu, libc: 'glibc' };
  const lockfile = join(root, 'package-lock.json');
  for (const locked of closure(lockfile, ['onnxruntime-node', 'sharp'], platform, installOnly)) {
    const whole = await mkdtemp(join(tmpdir(), 'openfrs-package-'));
    try {
      await extractPackage(locked, whole);
      await copyNeeded(locked.name, whole, join(folder, 'nodejs', locked.path), platform);
    } finally {
      await rm(whole, { recursive: true, force: true });
    }
  }
}

async function copyNeeded(name: string, from: string, to: string, platform: Platform): Promise<void> {
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    const path = relative(from, join(entry.parentPath, entry.name));
    if (!entry.isFile() || !isNeeded(name, path, platform)) continue;
    await mkdir(dirname(join(to, path)), { recursive: true });
    await cp(join(from, path), join(to, path));
  }
}

/** Lies at /opt/models: FRS_MODELS_DIR. */
async function models(folder: string, dir: string, progress: (line: string) => void): Promise<void> {
  await mkdir(join(folder, 'models'));
  for (const file of (await ensureModels({ dir, onProgress: progress })).values()) {
    await cp(file, join(folder, 'models', basename(file)));
  }
}

/** Lies at /opt/ffmpeg: FFMPEG_CORE_PATH and FRS_VIDEO_WORKER. The core is GPL and stays a file of its own. */
async function ffmpeg(root: string, folder: string): Promise<void> {
  const [core] = closure(join(root, 'package-lock.json'), ['@ffmpeg/core'], anyPlatform, new Set());
  if (core === undefined) throw new Error('@ffmpeg/core is not in the lockfile');
  const whole = await mkdtemp(join(tmpdir(), 'openfrs-package-'));
  try {
    await extractPackage(core, whole);
    await mkdir(join(folder, 'ffmpeg'));
    for (const file of ['ffmpeg-core.js', 'ffmpeg-core.wasm']) {
      await cp(join(whole, 'dist', 'umd', file), join(folder, 'ffmpeg', file));
    }
    await cp(join(whole, 'package.json'), join(folder, 'ffmpeg', 'package.json'));
    await writeFile(join(folder, 'ffmpeg', 'worker.js'), await buildWorkerCode());
  } finally {
    await rm(whole, { recursive: true, force: true });
  }
}
