import { startInThread } from '@openfrs/embedded/in-thread';
import { afterAll, expect, it } from 'vitest';
import { createClients } from '../dynamodb/clients.ts';
import { createTables } from '../dynamodb/tables.ts';
import { dynamodbChallenges } from './challenges.ts';

const embedded = await startInThread();
const config = { ...embedded, credentials: embedded };
const clients = createClients(config);
await createTables(clients.dynamodb, ['data']);
afterAll(async () => {
  clients.destroy();
  await embedded.stop();
});

const challenges = dynamodbChallenges(clients.dynamodb, 'data');
const now = new Date('2026-05-04T03:02:01Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const issued = async (id: string) => {
  await challenges.issue('p', { id, actions: [3, 1, 4], expires: later(60_000) });
  return id;
};

it('gives the actions of a challenge once', async () => {
  const id = await issued('once');
  expect(await challenges.redeem('p', id, now)).toEqual({ actions: [3, 1, 4] });
  expect(await challenges.redeem('p', id, now)).toEqual({ refused: 'used' });
});

it('gives them to one of many who ask at once, on three instances', async () => {
  const id = await issued('contested');
  const others = [createClients(config), createClients(config)];
  const instances = [challenges, ...others.map(({ dynamodb }) => dynamodbChallenges(dynamodb, 'data'))];
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, at) => instances[at % 3]?.redeem('p', id, now)),
  );
  for (const other of others) other.destroy();
  expect(answers.filter((answer) => answer && 'actions' in answer)).toHaveLength(1);
  expect(answers.filter((answer) => answer && 'refused' in answer && answer.refused === 'used')).toHaveLength(
    23,
  );
});

it('knows no challenge of another project, and leaves it to its own', async () => {
  const id = await issued('foreign');
  expect(await challenges.redeem('q', id, now)).toEqual({ refused: 'unknown' });
  expect(await challenges.redeem('p', id, now)).toMatchObject({ actions: [3, 1, 4] });
});

it('ends at its time, on every instance', async () => {
  const id = await issued('late');
  expect(await challenges.redeem('p', id, later(60_000))).toEqual({ refused: 'expired' });
  expect(await challenges.redeem('p', id, later(59_999))).toEqual({ actions: [3, 1, 4] });
});

it('is redeemed by a write whose answer was lost and that the SDK sent again', async () => {
  const id = await issued('twice');
  const twice = {
    send: (async (command: Parameters<typeof clients.dynamodb.send>[0]) => {
      if (command.constructor.name === 'UpdateItemCommand') await clients.dynamodb.send(command);
      return clients.dynamodb.send(command);
    }) as typeof clients.dynamodb.send,
  };
  const redeeming = dynamodbChallenges(twice as typeof clients.dynamodb, 'data');
  expect(await redeeming.redeem('p', id, now)).toEqual({ actions: [3, 1, 4] });
});

it('is not used up by a request that does not fit its actions', async () => {
  const id = await issued('misfit');
  const seen: unknown[] = [];
  const misfit = (actions: readonly number[]) => {
    seen.push(actions);
    throw new Error('three windows are expected');
  };
  await expect(challenges.redeem('p', id, now, misfit)).rejects.toThrow('three windows');
  expect(await challenges.redeem('p', id, now, () => {})).toEqual({ actions: [3, 1, 4] });
  expect(await challenges.redeem('p', id, now, misfit)).toEqual({ refused: 'used' });
  expect(seen).toEqual([[3, 1, 4]]);
});
