import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readConfig } from '@openfrs/core';
import { createClients } from '@openfrs/store';
import { afterEach, expect, it } from 'vitest';
import type { Stores } from '../stores.ts';
import { whoRemovesUploads } from './stores.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** Stores whose S3 answers so. */
async function storesWith(
  status: number,
  xml: string,
  queue = '',
): Promise<Pick<Stores, 'clients' | 'config'>> {
  const server = createServer((_, response) => response.writeHead(status).end(xml));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
  const clients = createClients({ region: 'r', s3Endpoint: `http://127.0.0.1:${port}`, credentials });
  open.push(() => server.close(), clients.destroy);
  return { clients: () => clients, config: readConfig({ FRS_QUEUE_MAINTENANCE: queue }) };
}

const rules = (days: number) =>
  `<LifecycleConfiguration><Rule><Status>Enabled</Status><Filter><Prefix>uploads/</Prefix></Filter><Expiration><Days>${days}</Days></Expiration></Rule></LifecycleConfiguration>`;
const error = (code: string) => `<Error><Code>${code}</Code><Message>no</Message></Error>`;

it.each([
  ['a rule of a day', 200, rules(1), 'removed after a day by a lifecycle rule'],
  ['a rule of ten years', 200, rules(3650), 'keep uploads for 3650 days: servers remove them'],
  [
    'no rule',
    404,
    error('NoSuchLifecycleConfiguration'),
    'has no lifecycle rule that removes uploads: servers',
  ],
  ['no right to see them', 403, error('AccessDenied'), 'may not see the lifecycle rules'],
])('says who removes uploads on AWS: %s', async (_name, status, xml, said) => {
  expect(await whoRemovesUploads(await storesWith(status, xml))).toContain(said);
});

it('finds it wrong that nobody does: behind a queue there is no server', async () => {
  const stores = await storesWith(200, rules(3650), 'https://sqs/queue');
  await expect(whoRemovesUploads(stores)).rejects.toThrow('add one that removes uploads/ after a day');
  const hidden = await storesWith(403, error('AccessDenied'), 'https://sqs/queue');
  expect(await whoRemovesUploads(hidden)).not.toContain('servers');
});
