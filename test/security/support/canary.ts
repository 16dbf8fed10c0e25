import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { vi } from 'vitest';

export interface Canary {
  readonly port: number;
  /** Requests and bare connections that it has got. */
  visits(): number;
  /** `host:port` of every connection that this process opened. */
  connections(): ReadonlySet<string>;
  stop(): Promise<void>;
}

/** A server that nobody should ever visit, and a list of all places that this process goes to. */
export async function startCanary(): Promise<Canary> {
  let visits = 0;
  const server = createServer((_, response) => response.end('found'));
  server.on('connection', () => {
    visits += 1;
  });
  server.listen(0);
  await once(server, 'listening');
  const places = new Set<string>();
  const connect = Socket.prototype.connect;
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...all: unknown[]) {
    const [first] = (Array.isArray(all[0]) ? all[0] : all) as [{ host?: string; port?: number } | undefined];
    places.add(`${first?.host}:${first?.port}`);
    return Reflect.apply(connect, this, all);
  });
  return {
    port: (server.address() as AddressInfo).port,
    visits: () => visits,
    connections: () => places,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
