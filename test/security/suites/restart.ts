import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import { call, done } from '../../contract/support/client.ts';
import { smallPhoto } from '../../support/small-photos.ts';

const set = 'restarted';
const image_base64 = smallPhoto(3).toString('base64');

/** Ends the thread of the embedded stores, in the middle of whatever it does; it is started again by itself. */
async function crashStores(): Promise<void> {
  const client = new DynamoDBClient({ maxAttempts: 1 });
  // dynalite reads members of the body without a look at whether it is an object.
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: string; headers: Record<string, string> };
      request.body = 'null';
      request.headers['content-length'] = '4';
      return next(args);
    },
    { step: 'build', priority: 'low' },
  );
  await client.send(new ListTablesCommand({})).catch(() => {});
  client.destroy();
}

/** Traffic of one kind, and how it went. */
interface Stream {
  acknowledged: number;
  failed: number;
}

describe('stores that end and start again in the middle of traffic', () => {
  it('some answers are 500 FRS.0018, none is another; what was acknowledged is there, what was not, whole or not at all', async () => {
    await done('face-set-create', { json: { face_set_name: set } });
    const json = { image_base64, single: true, external_image_id: 'changed-0' };
    const added = await done<{ faces: { face_id: string }[] }>('face-add', { set, json });
    const face_id = added.faces[0]?.face_id;
    const statuses = new Map<string, boolean>();
    let over = false;
    const streams: Stream[] = [];
    const stream = async (send: (round: number) => Promise<number>) => {
      const mine: Stream = { acknowledged: 0, failed: 0 };
      streams.push(mine);
      for (let round = 1; !over; round++) {
        const status = await send(round);
        expect([200, 500]).toContain(status);
        if (status === 200) mine.acknowledged += 1;
        else mine.failed += 1;
      }
    };
    let [changed, tried] = [0, 0];
    const traffic = [
      stream(async (round) => {
        tried = round;
        const change = { face_id, external_image_id: `changed-${round}` };
        const { status } = await call('face-update', { set, json: change });
        if (status === 200) changed = round;
        return status;
      }),
      stream(async (round) => {
        const external_image_id = `added-${round}`;
        const { status } = await call('face-add', { set, json: { ...json, external_image_id } });
        statuses.set(external_image_id, status === 200);
        return status;
      }),
      stream(async () => (await call('face-list', { set })).status),
    ];
    const goOn = async () => {
      const before = streams.map(({ acknowledged }) => acknowledged);
      await vi.waitFor(
        () => {
          for (const [at, { acknowledged }] of streams.entries()) {
            expect(acknowledged).toBeGreaterThan(2 + (before[at] ?? 0));
          }
        },
        { timeout: 120_000, interval: 50 },
      );
    };
    await goOn();
    for (let crashes = 0; crashes < 2; crashes++) {
      await crashStores();
      await goOn();
    }
    over = true;
    await Promise.all(traffic);

    const { faces } = await done<{ faces: { external_image_id: string; face_id: string }[] }>('face-list', {
      set,
      query: 'limit=1000',
    });
    const names = faces.map(({ external_image_id }) => external_image_id);
    for (const [name, acknowledged] of statuses) {
      const times = names.filter((each) => each === name).length;
      if (acknowledged) expect([name, times]).toEqual([name, 1]);
      else expect(times).toBeLessThanOrEqual(1);
    }
    const now = faces.find((face) => face.face_id === face_id)?.external_image_id ?? '';
    const round = Number(now.replace('changed-', ''));
    expect(round).toBeGreaterThanOrEqual(changed);
    expect(round).toBeLessThanOrEqual(tried);
    expect((await call('face-search', { set, json: { face_id } })).status).toBe(200);
  }, 300_000);
});
