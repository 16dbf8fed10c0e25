import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { FrsError } from '@openfrs/contract';
import { cpuMsOf } from './cpu-time.ts';
import type { FfmpegSession } from './decoder.ts';
import { type DecodeLog, isRelevant } from './ffmpeg-log.ts';

/**
 * Native FFmpeg: `ffmpegPath` names the program, ffprobe lies beside it. The video stands in a directory that
 * only this user can read while it is decoded (MP4 needs seeking) and is removed with it.
 */
export async function openNativeSession(video: Uint8Array, ffmpegPath: string): Promise<FfmpegSession> {
  const directory = await mkdtemp(join(tmpdir(), 'openfrs-video-'));
  const input = join(directory, 'input');
  await writeFile(input, video, { mode: 0o600 });
  const running = new Set<ChildProcess>();

  function start(program: string, args: readonly string[]): ChildProcess {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: directory });
    running.add(child);
    child.once('close', () => running.delete(child));
    return child;
  }

  return {
    input,
    output: 'pipe:1',
    ffprobe: async (args) => {
      const child = start(join(dirname(ffmpegPath), 'ffprobe'), args);
      const exit = exitCode(child);
      child.stderr?.resume();
      const chunks: Uint8Array[] = [];
      for await (const chunk of child.stdout ?? []) chunks.push(chunk);
      await exit;
      return Buffer.concat(chunks).toString();
    },
    ffmpeg: async (args, _frameBytes, onData, log) => {
      const child = start(ffmpegPath, ['-nostdin', ...args]);
      const exit = exitCode(child);
      const logged = readLog(child, log);
      for await (const chunk of child.stdout ?? []) await onData(chunk);
      await logged;
      return await exit;
    },
    cpuMs: () => {
      // Only the one that runs: ffprobe is over before ffmpeg starts.
      const [child] = running;
      return child?.pid === undefined ? undefined : cpuMsOf(String(child.pid));
    },
    close: async () => {
      for (const child of running) child.kill('SIGKILL');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function exitCode(child: ChildProcess): Promise<number> {
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error('FFMPEG_PATH names no usable FFmpeg.', { cause })));
    child.once('close', (code) => (code === null ? reject(new FrsError('FRS.0701')) : resolve(code)));
  });
  exited.catch(() => {});
  return exited;
}

async function readLog(child: ChildProcess, log: DecodeLog): Promise<void> {
  if (child.stderr !== null) {
    for await (const line of createInterface({ input: child.stderr })) if (isRelevant(line)) log.read(line);
  }
  log.end();
}
