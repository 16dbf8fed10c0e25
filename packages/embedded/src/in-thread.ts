import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkDataFolder, type DataFolderCheck, startTableBytes } from './integrity/data-folder.ts';
import type { FromStores } from './messages.ts';
import { prepareDataFolder } from './prepare-data-folder.ts';
import { serveStores } from './serve-stores.ts';
import type { EmbeddedStores } from './start.ts';
import { fileError } from './startup-error.ts';

/** What these stores have not: events, and what concerns a thread of their own. */
export type StoresInThread = Omit<
  EmbeddedStores,
  'onEvent' | 'stopEvents' | 'storageFault' | 'deadLetterFile'
>;

/**
 * The embedded stores in the caller's own thread, without events: they start in a tenth of the time. For tests; in a service their work
 * would delay its requests.
 * @param folder where the data is kept, each write on the disk before it is acknowledged; absent: a temporary folder, removed by `stop`
 * @throws StartupError the folder is damaged, or another instance uses it
 */
export async function startInThread(folder?: string, check: DataFolderCheck = {}): Promise<StoresInThread> {
  const dir = folder === undefined ? await mkdtemp(join(tmpdir(), 'openfrs-')) : resolve(folder);
  const credentials = await prepareDataFolder(dir);
  const [fault] = await checkDataFolder(dir, { tableBytes: startTableBytes, ...check });
  if (fault) throw fileError(dir, fault);
  const ports = { dynamodbPort: 0, s3Port: 0 };
  const post = (message: FromStores) => {
    if (message.kind === 'ready') Object.assign(ports, message);
  };
  const config = {
    dir,
    held: false,
    flush: folder !== undefined,
    counters: [],
    credentials,
    filters: [],
    expiry: [],
    ...ports,
  };
  const receive = await serveStores(config, post);
  return {
    ...credentials,
    dynamodbEndpoint: `http://127.0.0.1:${ports.dynamodbPort}`,
    s3Endpoint: `http://127.0.0.1:${ports.s3Port}`,
    stop: async () => {
      await receive({ kind: 'stop' });
      if (folder === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}
