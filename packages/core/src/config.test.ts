import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('the configuration', () => {
  it('has a value for everything but the secret', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      dataTable: 'openfrs-data',
      minFacePx: 40,
      port: 8080,
      publicHosts: [],
      secretKey: '',
    });
    expect(config.modelsDir).toMatch(/\.models$/);
  });

  it('reads lists and switches', () => {
    const config = readConfig({
      FRS_PUBLIC_HOSTS: 'A.example.com, b:8443,',
      FRS_TRUST_FORWARDED_HOST: 'true',
      PORT: '0',
    });
    expect(config.publicHosts).toEqual(['a.example.com', 'b:8443']);
    expect(config.trustForwardedHost).toBe(true);
    expect(config.port).toBe(0);
  });

  it('tells where FFmpeg lies, and nothing where the environment does not', () => {
    const environment = {
      FFMPEG_PATH: '/usr/bin/ffmpeg',
      FFMPEG_CORE_PATH: '/opt/ffmpeg',
      FRS_VIDEO_WORKER: '/opt/worker.js',
    };
    expect(readConfig(environment).video).toEqual({
      ffmpegPath: '/usr/bin/ffmpeg',
      corePath: '/opt/ffmpeg',
      workerPath: '/opt/worker.js',
    });
    expect(readConfig({ FFMPEG_PATH: '' }).video).toEqual({});
  });

  it.each([
    { PORT: 'http' },
    { PORT: '70000' },
    { FRS_MIN_FACE_PX: '0' },
    { FRS_CHALLENGE_SECONDS: '121' },
    { FRS_SEARCH_CACHE_BYTES: '1GB' },
  ])('names the variable that is wrong: %j', (environment) =>
    expect(() => readConfig(environment)).toThrow(Object.keys(environment)[0]),
  );
});
