import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server, type Socket } from 'node:net';

/** Connections that are accepted in a turn of the event loop. */
const aTurn = 32;
/** Connections that may wait until they are accepted; beyond, clients try again after a second. The system may allow fewer. */
const backlog = 2048;
/** A handle that comes back from another process is a further one of the same socket. */
const mirror = `process.on('message', (message, handle) => process.send(message, handle))`;

interface Listening {
  readonly _handle: object | null;
}

/**
 * Lets a server accept several connections in a turn of the event loop, soon after it listens. By itself libuv accepts one (since 1.45), first come, first
 * served: behind a crowd of another source a connection waits as many turns as that has connections, however long each is. Node
 * listens on a port once, so further handles of its socket are had by sending it to a process and back. Where that fails it stays at one.
 */
export function acceptSeveral(server: Server): void {
  const others: Server[] = [];
  const closed: Promise<void>[] = [];
  let child: ChildProcess | undefined;
  server.on('listening', () => {
    // Windows accepts several by itself.
    if (process.platform === 'win32') return;
    const { _handle: handle } = server as unknown as Listening;
    if (handle === null) return;
    const mirroring = spawn(process.execPath, ['-e', mirror], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
    });
    child = mirroring;
    closed.push(
      new Promise((resolve) => mirroring.once('close', () => resolve()).on('error', () => resolve())),
    );
    mirroring.unref();
    mirroring.channel?.unref();
    let back = 1;
    mirroring.on('message', (_, given) => {
      const further = given as unknown as Closable | undefined;
      if (server.listening && further) others.push(openFurther(further));
      else further?.close();
      if (++back === aTurn) mirroring.kill('SIGKILL');
    });
    for (let count = 1; count < aTurn; count++) mirroring.send(count, handle as never, () => {});
  });
  const openFurther = (handle: Closable): Server => {
    const further = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) =>
      server.emit('connection', socket),
    );
    further.on('error', () => {});
    closed.push(new Promise((resolve) => further.once('close', resolve)));
    return further.listen(handle, backlog);
  };
  const close = server.close.bind(server);
  // Who closes a server waits for the connections that it has accepted: here also for those of the others.
  server.close = (callback) => {
    // Its handles keep the port open.
    child?.ref();
    child?.kill('SIGKILL');
    for (const other of others.splice(0)) other.close();
    return close((error) => void Promise.all(closed.splice(0)).then(() => callback?.(error)));
  };
}

interface Closable {
  close(): void;
}
