import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { seeded } from '@openfrs/testing/faults';
import { amount, seedOf } from '@openfrs/testing/sample';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMaintenance } from '../src/index.ts';
import { startStores, type TestStores } from './embedded.ts';
import { spec } from './faces.ts';
import type { Acknowledged } from './kill-child.ts';
import { expectHolds, type ModelFace } from './model.ts';
import { newProject } from './specification.ts';

/** How many times a process is killed. */
const kills = Number(process.env.FRS_TEST_KILLS ?? amount(3, 30));
const program = fileURLToPath(new URL('./kill-child.ts', import.meta.url));

describe('a process that is killed while it writes', () => {
  let stores: TestStores;
  beforeAll(async () => {
    stores = await startStores();
  });
  afterAll(() => stores.stop());

  it(
    `loses nothing that it acknowledged, and leaves nothing half done, ${kills} times`,
    async () => {
      const random = seeded(seedOf('kills'));
      const set = await stores.instance().create(newProject(), spec('killed'), 10);
      let known: ModelFace[] = [];
      let clock = Date.now();
      for (let round = 0; round < kills; round++) {
        const child = fork(
          program,
          [JSON.stringify(stores.config), set.projectId, set.name, String(1000 * round)],
          {
            execArgv: ['--import', 'tsx'],
            stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
          },
        );
        const acknowledged: Acknowledged[] = [];
        child.on('message', (message: Acknowledged) => acknowledged.push(message));
        await once(child, 'message');
        await new Promise((resolve) => setTimeout(resolve, 200 + random() * 600));
        child.kill('SIGKILL');
        await once(child, 'exit');
        clock += 120_000;
        const options = { now: () => clock };
        const maintenance = createMaintenance({ ...stores, ...options });
        expect((await maintenance.sweep()).failures).toEqual([]);
        known = await reconcile(known, acknowledged);
        await expectHolds(stores.instance(options), set, known, 5);
        expect(await maintenance.verifySet(set.projectId, set.name, { repair: false })).toMatchObject({
          faces: known.length,
          counted: known.length,
        });
      }

      /** All that was acknowledged is there; of what wasn't, each add is there wholly or not at all. */
      async function reconcile(before: readonly ModelFace[], messages: readonly Acknowledged[]) {
        const page = await stores.instance().page(set, 0, 10_000);
        const there = new Set(page.map((face) => face.faceId));
        const removed = new Set(messages.flatMap((message) => message.removed));
        const added = messages.flatMap((message) => message.added);
        for (const id of removed) expect(there.has(id)).toBe(false);
        const pending = new Set(messages.flatMap((message) => message.removing));
        for (const face of [...before, ...added]) {
          if (!pending.has(face.faceId)) expect(there.has(face.faceId)).toBe(true);
        }
        // The child adds threes: with the faces that it was about to delete counted in, none is left over.
        const everAdded = page.filter((face) => !before.some((one) => one.faceId === face.faceId));
        const gone = added.filter((face) => !there.has(face.faceId));
        expect((everAdded.length + gone.length) % 3).toBe(0);
        return page.map((face) => ({ ...face, seed: face.box.topLeftX }));
      }
    },
    kills * 30_000,
  );
});
