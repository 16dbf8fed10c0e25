import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { photo } from './photos.ts';

interface FfmpegCore {
  readonly FS: { writeFile(path: string, data: Uint8Array): void; readFile(path: string): Uint8Array };
  exec(...args: string[]): number;
}

/* `make-still-video.ts FILE` writes two seconds of a photo that doesn't move, as WebM; a process of its own, because the core takes over globals. */
const core = createRequire(import.meta.url).resolve('@ffmpeg/core');
Object.assign(globalThis, { self: globalThis, location: { href: '' } });
const { default: create } = (await import(core)) as {
  default(options: object): Promise<FfmpegCore>;
};
const ffmpeg = await create({ wasmBinary: await readFile(core.replace(/\.js$/, '.wasm')) });
ffmpeg.FS.writeFile('photo.jpg', photo(1));
const picture = ['-loop', '1', '-framerate', '10', '-t', '2', '-i', 'photo.jpg', '-vf', 'scale=640:-2'];
ffmpeg.exec(...picture, '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', 'video.webm');
await writeFile(process.argv[2] ?? 'video.webm', ffmpeg.FS.readFile('video.webm'));
