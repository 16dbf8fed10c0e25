import type { Vision } from '@openfrs/core';
import { afterEach, expect, it, vi } from 'vitest';
import { lambda } from './lambda.ts';
import { faceDetect } from './operations.ts';
import { isProvisioned } from './provisioned.ts';

afterEach(() => vi.unstubAllEnvs());

const vision = () => vi.fn<() => Promise<Vision>>(async () => ({}) as Vision);

it('a provisioned instance has opened what its first request needs before it is handed out', async () => {
  vi.stubEnv('FRS_SECRET_KEY', `${'k'.repeat(43)}=`);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_LAMBDA_INITIALIZATION_TYPE', 'provisioned-concurrency');
  const open = vision();
  await lambda([faceDetect], { vision: open });
  expect(open).toHaveBeenCalledTimes(1);
});

it('any other opens nothing before its first request', async () => {
  vi.stubEnv('AWS_LAMBDA_INITIALIZATION_TYPE', 'on-demand');
  const open = vision();
  await lambda([faceDetect], { vision: open });
  expect(open).not.toHaveBeenCalled();
  expect([
    isProvisioned({}),
    isProvisioned({ AWS_LAMBDA_INITIALIZATION_TYPE: 'provisioned-concurrency' }),
  ]).toEqual([false, true]);
});
