import { describe, expect, it, vi } from 'vitest';
import { readConfig } from './config.ts';
import { unknownSetting } from './settings/read-settings.ts';
import { settings } from './settings/settings.ts';

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

  it('makes the schema of what is given, and no other', () => {
    const made: string[] = [];
    for (const [name, setting] of Object.entries(settings)) {
      const { schema } = setting as { schema: () => unknown };
      vi.spyOn(setting as { schema: () => unknown }, 'schema').mockImplementation(() => {
        made.push(name);
        return schema();
      });
    }
    try {
      expect(readConfig({ PORT: '81', FRS_HOST: '', FRS_PUBLIC_HOSTS: 'a' }).port).toBe(81);
      expect(made.sort()).toEqual(['FRS_PUBLIC_HOSTS', 'PORT']);
    } finally {
      vi.restoreAllMocks();
    }
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
    { PORT: '0x50' },
    { FRS_MIN_FACE_PX: '0' },
    { FRS_CHALLENGE_SECONDS: '121' },
    { FRS_SEARCH_CACHE_BYTES: '1GB' },
    { FRS_ENROL_REMOVE: 'yes' },
    { FRS_TRUSTED_PROXIES: '10.0.0.0/33' },
    { FRS_TRUSTED_PROXIES: 'proxy' },
    { AWS_ENDPOINT_URL_S3: 'localhost:8333' },
    { FRS_TLS_KEY: 'PEM' },
  ])('names the variable that is wrong: %j', (environment) =>
    expect(() => readConfig(environment)).toThrow(Object.keys(environment)[0]),
  );

  it('takes an empty variable for one that is not set', () =>
    expect(readConfig({ PORT: '', FRS_TABLE_DATA: '', FRS_TRUSTED_PROXIES: '' })).toEqual(readConfig({})));
});

describe('variables that are no settings', () => {
  it('are named where they look like ours', () => {
    expect(unknownSetting({ FRS_PROT: '80' })).toMatch(/^FRS_PROT is no setting/);
    expect(unknownSetting({ FRS_PASSWORD_FIL: 'x' })).toMatch(/^FRS_PASSWORD_FIL /);
    expect(unknownSetting({ FRS_MIN_FACE_PX_FILE: 'x' })).toMatch(/^FRS_MIN_FACE_PX_FILE /);
  });

  it('are none of our business where they do not, or are of tests', () => {
    const others = { PATH: '/bin', AWS_PROFILE: 'x', FRS_TEST_KILLS: '3', FRS_FUZZ_SEED: '1' };
    expect(unknownSetting({ ...others, FRS_SECRET_KEY_FILE: 'x', FRS_HOST: '::' })).toBeUndefined();
  });
});
