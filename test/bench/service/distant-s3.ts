import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type Agent, createServer, Agent as HttpAgent, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** How S3 answers in its own region. */
export interface Distance {
  /** From a request to the first byte of its answer. */
  readonly firstByteMs: number;
  /** Of each answer. */
  readonly bytesPerSecond: number;
}

/**
 * What AWS tells its customers to reckon with ("Performance design patterns for Amazon S3", "Performance guidelines"): 85 to 90 MB/s of a
 * request; of its 100 to 200 ms to the first byte far less is taken, which is to the disadvantage of what is measured.
 */
export const asInAws: Distance = { firstByteMs: 25, bytesPerSecond: 90e6 };

interface Told {
  readonly endpoint: string;
  stop(): void;
}

/** An S3 that stands at a distance: a process that passes requests on and answers as slowly as told. */
export async function distantS3(target: string, distance: Distance): Promise<Told> {
  const child = fork(fileURLToPath(import.meta.url), { execArgv: ['--import', 'tsx'], stdio: 'inherit' });
  child.send({ target, distance });
  const [port] = (await once(child, 'message')) as [number];
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}

/** The host that was signed is passed on as it came. */
function passOn(incoming: IncomingMessage, target: URL, agent: Agent): Promise<IncomingMessage> {
  const { method, url, headers } = incoming;
  const { hostname, port } = target;
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, method, path: url, headers, agent }, resolve);
    asked.on('error', reject);
    incoming.pipe(asked);
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function* paced(body: AsyncIterable<Buffer>, { bytesPerSecond }: Distance): AsyncGenerator<Buffer> {
  const begun = performance.now();
  let sent = 0;
  for await (const piece of body) {
    const early = (sent / bytesPerSecond) * 1000 - (performance.now() - begun);
    if (early > 1) await pause(early);
    sent += piece.length;
    yield piece;
  }
}

async function serve(target: URL, distance: Distance): Promise<number> {
  const agent = new HttpAgent({ keepAlive: true });
  const server = createServer(async (incoming, response) => {
    const [answer] = await Promise.all([passOn(incoming, target, agent), pause(distance.firstByteMs)]);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    for await (const piece of paced(answer, distance)) {
      if (!response.write(piece)) await once(response, 'drain');
    }
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

// The child alone: whoever imports this may have a parent of its own that sends messages.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once('message', async ({ target, distance }: { target: string; distance: Distance }) => {
    process.send?.(await serve(new URL(target), distance));
  });
}
