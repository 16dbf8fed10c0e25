import { readFileSync } from 'node:fs';
import { type Action, readConfig } from '@openfrs/core';
import { createClients, dynamodbChallenges } from '@openfrs/store';
import { describe, expect, test } from 'vitest';
import { describeWithData, sharedData } from '../../support/shared-data.ts';
import { call, done, refused } from '../support/client.ts';
import { newAccount } from '../support/operator.ts';
import { service } from '../support/service.ts';

interface Issued {
  readonly challenge_id: string;
  readonly actions: string;
  readonly expires_at: string;
}
interface Judged {
  readonly 'video-result': { readonly alive: boolean; readonly actions: readonly { action: number }[] };
}

const noVideo = { video_base64: 'AAAA' };
const issue = (query?: string) => done<Issued>('live-challenge-create', query === undefined ? {} : { query });

/** A challenge of the owner's project as an instance would have issued it at another time, or with other luck. */
async function put(actions: readonly Action[], validMs: number): Promise<string> {
  const { aws, dataTable } = readConfig();
  const clients = createClients(aws);
  const id = `put-${Math.random().toString(36).slice(2)}`;
  const expires = new Date(Date.now() + validMs);
  try {
    await dynamodbChallenges(clients.dynamodb, dataTable).issue(service.owner.projectId, {
      id,
      actions,
      expires,
    });
  } finally {
    clients.destroy();
  }
  return id;
}

describe('Beyond the reference: liveness challenges', () => {
  test('have an id of their own, three actions and an end within two minutes', async () => {
    const issued = await Promise.all(Array.from({ length: 8 }, () => issue()));
    expect(new Set(issued.map((one) => one.challenge_id)).size).toBe(8);
    expect(new Set(issued.map((one) => one.actions)).size).toBeGreaterThan(1);
    for (const { actions, expires_at } of issued) {
      expect(actions).toMatch(/^[1-4],[1-4],[1-4]$/);
      const left = Date.parse(expires_at) - Date.now();
      expect(left).toBeGreaterThan(5000);
      expect(left).toBeLessThanOrEqual(120_000);
    }
  });

  test('are drawn from the actions that are allowed', async () => {
    for (let draw = 0; draw < 5; draw++) {
      expect((await issue('allowed_actions=1,2,3')).actions).toMatch(/^[123],[123],[123]$/);
    }
    for (const allowed of ['', '1', '1,2', '1,1', '1,5', '1;2', '0,1', '1,2,3,4,4']) {
      await refused('FRS.0012', 'live-challenge-create', { query: `allowed_actions=${allowed}` });
    }
    await refused('FRS.0012', 'live-challenge-create', { query: 'allowed_actions=1,2&allowed_actions=3,4' });
  });

  test('stand in place of actions, never beside them', async () => {
    const { challenge_id } = await issue();
    await refused('FRS.0012', 'live-detect', { json: { ...noVideo, challenge_id, actions: '1' } });
    await refused('FRS.0012', 'live-detect', { json: { ...noVideo, challenge_id: 'no such id!' } });
    await refused('FRS.0011', 'live-detect', { json: noVideo });
  });

  test('are used up by the first request that names them, on both paths', async () => {
    const { challenge_id } = await issue();
    await refused('FRS.0701', 'live-detect', { json: { ...noVideo, challenge_id } });
    for (const path of [0, 1]) {
      const again = await call('live-detect', { json: { ...noVideo, challenge_id }, path });
      expect(again.body).toMatchObject({
        error_code: 'FRS.0012',
        error_msg: expect.stringContaining('used before'),
      });
    }
  });

  test('are not used up by a request whose media can not be read', async () => {
    const { challenge_id } = await issue();
    await refused('FRS.0015', 'live-detect', { json: { video_base64: 'A A', challenge_id } });
    await refused('FRS.0701', 'live-detect', { json: { ...noVideo, challenge_id } });
  });

  test('are refused when nobody issued them, to other projects, and after their end', async () => {
    const refusal = async (challenge_id: string, account = service.owner) => {
      const reply = await call('live-detect', { account, json: { ...noVideo, challenge_id } });
      return reply.body as { error_code: string; error_msg: string };
    };
    const unknown = { error_code: 'FRS.0012', error_msg: expect.stringContaining('no challenge of this') };
    expect(await refusal('AAAAAAAAAAAAAAAAAAAAAA')).toMatchObject(unknown);
    const { challenge_id } = await issue();
    expect(await refusal(challenge_id, await newAccount())).toMatchObject(unknown);
    expect(await refusal(challenge_id)).toMatchObject({ error_code: 'FRS.0701' });
    const expired = { error_code: 'FRS.0012', error_msg: expect.stringContaining('expired') };
    expect(await refusal(await put([1, 2, 3], -1))).toMatchObject(expired);
  });

  test('take the windows in which their actions were asked for', async () => {
    const { challenge_id } = await issue();
    const json = { ...noVideo, challenge_id, action_time: '0-1000,1000-2000' };
    await refused('FRS.0703', 'live-detect', { json });
    // Which has not used the challenge up.
    await refused('FRS.0701', 'live-detect', { json: { ...noVideo, challenge_id } });
  });

  test('are the only way where the project requires them', async () => {
    const account = await newAccount({ change: { requiresChallenge: true } });
    await refused('FRS.0011', 'live-detect', { account, json: { ...noVideo, actions: '1' } });
    const { challenge_id } = await done<Issued>('live-challenge-create', { account });
    await refused('FRS.0701', 'live-detect', { account, json: { ...noVideo, challenge_id } });
  });

  test('need the subscription of live-detect', async () => {
    const account = await newAccount({ services: ['search'] });
    await refused('FRS.0020', 'live-challenge-create', { account });
  });

  describeWithData('with a real video', () => {
    const video_file = () => readFileSync(sharedData('videos/derived/lp_d18_open_mouth_twice.mp4') ?? '');
    const judge = async (challenge_id: string) =>
      (await done<Judged>('live-detect', { form: { video_file: video_file(), challenge_id } }))[
        'video-result'
      ];

    test('the video is judged by the actions that were drawn, and no others', async () => {
      expect(await judge(await put([4, 4], 60_000))).toMatchObject({
        alive: true,
        actions: [{ action: 4 }, { action: 4 }],
      });
      expect(await judge(await put([4, 1, 4], 60_000))).toMatchObject({ alive: false });
    });
  });
});
