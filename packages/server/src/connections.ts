import type { IncomingMessage, Server } from 'node:http';
import { isIPv6, type Socket } from 'node:net';

export interface ConnectionLimits {
  /** Of all clients. */
  readonly total: number;
  /** Of one address, or of one IPv6 network of 64 bits. */
  readonly perSource: number;
  /** Whose connections are of many clients: only `total` bounds them. */
  isProxy?(address: string): boolean;
}

/** Above this part of all connections, idle ones and unfinished headers get less time. */
const pressure = 0.75;
const pressedMs = 5000;
const checkMs = 1000;
/** So many are closed together, so that a flood doesn't cost a look at all of them for each of its connections. */
const batch = 0.02;
/** So many are given up together; those that ask for something stay all the same. */
const leavingBatch = 0.05;

/**
 * What a source has too much of, and is idle, is closed so much later where there is room, in milliseconds: closed at once, a crowd is
 * back at once, all of it together, and each connection costs what an answer costs.
 */
const defaultLeaveMs = { least: 1000, most: 4000 };

/** A client that reads nothing of its answer for so long may be closed for others. */
const stalledMs = 3000;

/** What a connection does, in the order in which they are closed; one whose request is being answered never is. */
const idle = 0;
const headers = 1;
/** Its client doesn't read its answer. */
const stalled = 2;
const body = 3;
/** A connection that has just been made, whose first request is on its way. */
const fresh = 4;
const freshMs = 1000;

interface Connection {
  readonly socket: Socket;
  readonly source: string;
  /** When it began what it does now. */
  since: number;
  /** Read before that. */
  bytes: number;
  /** Since it was made. */
  asked: boolean;
  /** Its outgoing bytes as they were when they last moved, and when that was. */
  output: Output;
  outputSince: number;
  /** Those that are being answered. */
  readonly requests: Set<IncomingMessage>;
}

/** Outgoing bytes of which the kernel hasn't taken all. */
interface Output {
  /** Of whole writes, since the connection was made. */
  readonly written: number;
  /** Not yet taken of the write under way; 0 where nothing is left. */
  readonly left: number;
}

/**
 * Bounds the connections of a server, all together and of each source. For those that come, those of the source with the most are closed:
 * idle ones, then unfinished headers, those that don't read their answers, unfinished bodies and those just made, the longest first.
 * Whoever doesn't read at all is closed in any case. Idle ones beyond a source's number leave within seconds as long as there is room among
 * all, and stay if they ask for something.
 */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #sendMs: number;
  /** Those of each in the order in which they began what they do. */
  readonly #sources = new Map<string, Set<Connection>>();
  readonly #all = new Map<Socket, Connection>();
  /** Not counted as their source's any more, in the order in which they were given up, and what will close them. */
  readonly #leaving = new Map<Socket, { readonly connection: Connection; readonly timer: NodeJS.Timeout }>();

  readonly #leaveMs: { readonly least: number; readonly most: number };

  /**
   * @param sendMs a client that reads nothing of an answer for so long is closed
   * @param leaveMs how long idle ones beyond a source's number may stay, at random
   */
  constructor(server: Server, limits: ConnectionLimits, sendMs = 15_000, leaveMs = defaultLeaveMs) {
    this.#limits = limits;
    this.#sendMs = sendMs;
    this.#leaveMs = leaveMs;
    server.on('connection', (socket: Socket) => this.#add(socket));
    // From here on the bytes pass the TLS socket, which is what requests name.
    server.on('secureConnection', (socket: Socket) => this.#replace(socket));
    server.on('request', (incoming, response) => {
      const connection = this.#all.get(incoming.socket) ?? this.#stay(incoming.socket);
      if (connection === undefined) return;
      connection.requests.add(incoming);
      connection.asked = true;
      response.once('close', () => {
        connection.requests.delete(incoming);
        this.#touch(connection);
      });
    });
    const timer = setInterval(() => {
      this.#closeUnread();
      this.#closePressed();
    }, checkMs).unref();
    server.once('close', () => clearInterval(timer));
  }

  /** Those that leave soon are not counted. */
  get size(): number {
    return this.#all.size;
  }

  get leaving(): number {
    return this.#leaving.size;
  }

  #add(socket: Socket): void {
    const source = sourceOf(socket.remoteAddress ?? '');
    const connection: Connection = {
      socket,
      source,
      since: 0,
      bytes: 0,
      output: outputOf(socket),
      outputSince: performance.now(),
      asked: false,
      requests: new Set(),
    };
    touch(connection);
    socket.once('close', () => this.#remove(connection));
    this.#count(connection);
  }

  #count(connection: Connection): void {
    const { socket, source } = connection;
    const mine = this.#sources.get(source) ?? new Set();
    this.#sources.set(source, mine.add(connection));
    this.#all.set(socket, connection);
    const { total, perSource, isProxy } = this.#limits;
    if (mine.size > perSource && !isProxy?.(socket.remoteAddress ?? ''))
      this.#close([mine], Math.ceil(perSource * leavingBatch), (one, does) => {
        // The others hold memory.
        if (does === stalled || does === body) this.#closeOne(one);
        else this.#leave(one);
      });
    if (this.#all.size + this.#leaving.size > total) this.#closeLeaving(Math.ceil(total * batch));
    if (this.#all.size > total) this.#close([...this.#sources.values()], Math.ceil(total * batch));
  }

  #leave(connection: Connection): void {
    this.#remove(connection);
    const { socket } = connection;
    const { least, most } = this.#leaveMs;
    const timer = setTimeout(
      () => this.#closeOne(connection),
      least + Math.random() * (most - least),
    ).unref();
    this.#leaving.set(socket, { connection, timer });
  }

  /** One that was to leave counts again: it has asked for something. */
  #stay(socket: Socket): Connection | undefined {
    const connection = this.#leaving.get(socket)?.connection;
    if (connection === undefined) return undefined;
    this.#forget(socket);
    touch(connection);
    this.#count(connection);
    return connection;
  }

  #closeLeaving(count: number): void {
    for (const { connection } of [...this.#leaving.values()].slice(0, count)) this.#closeOne(connection);
  }

  #forget(socket: Socket): void {
    clearTimeout(this.#leaving.get(socket)?.timer);
    this.#leaving.delete(socket);
  }

  #replace(secure: Socket): void {
    const { remoteAddress, remotePort } = secure;
    const source = sourceOf(remoteAddress ?? '');
    const leaving = [...this.#leaving.values()].map(({ connection }) => connection);
    const plain = [...(this.#sources.get(source) ?? []), ...leaving].find(
      (one) => one.source === source && one.socket.remotePort === remotePort && one.socket !== secure,
    );
    if (plain) this.#remove(plain);
    this.#add(secure);
  }

  #remove(connection: Connection): void {
    this.#forget(connection.socket);
    const mine = this.#sources.get(connection.source);
    mine?.delete(connection);
    if (mine?.size === 0) this.#sources.delete(connection.source);
    this.#all.delete(connection.socket);
  }

  /** It is the last of its source to have begun something. */
  #touch(connection: Connection): void {
    touch(connection);
    const mine = this.#sources.get(connection.source);
    if (mine?.delete(connection)) mine.add(connection);
  }

  /** Closes so many, each of the source that then has the most. @param end ends one, closes it at once if absent */
  #close(
    sources: readonly Set<Connection>[],
    count: number,
    end: (connection: Connection, does: number) => void = (one) => this.#closeOne(one),
  ): void {
    const lines = sources.map((connections) => {
      const line = firstToClose(connections, count);
      return { line: line.values(), size: connections.size, next: line[0] };
    });
    for (const { line } of lines) line.next();
    for (let left = count; left > 0; left--) {
      const candidates = lines.filter(({ next }) => next !== undefined);
      if (candidates.length === 0) return;
      const most = candidates.reduce((a, b) => (isBefore(b, a) ? b : a));
      if (most.next) end(most.next.connection, most.next.does);
      most.size -= 1;
      most.next = most.line.next().value;
    }
  }

  /** Gone at once from the count; the socket's own `close` comes later. */
  #closeOne(connection: Connection): void {
    this.#remove(connection);
    connection.socket.destroy();
  }

  /** A client that reads slowly is not cut off, as long as it reads. */
  #closeUnread(): void {
    const now = performance.now();
    for (const connection of [...this.#all.values()]) {
      const output = outputOf(connection.socket);
      const { written, left } = connection.output;
      if (output.left === 0 || output.written !== written || output.left !== left) {
        connection.output = output;
        connection.outputSince = now;
      } else if (now - connection.outputSince > this.#sendMs) this.#closeOne(connection);
    }
  }

  #closePressed(): void {
    if (this.#all.size < this.#limits.total * pressure) return;
    const before = performance.now() - pressedMs;
    for (const connection of [...this.#all.values()]) {
      const does = doing(connection);
      if ((does === idle || does === headers) && connection.since < before) this.#closeOne(connection);
    }
  }
}

interface Closable {
  readonly connection: Connection;
  readonly does: number;
}

interface Line {
  readonly size: number;
  readonly next: Closable | undefined;
}

function isBefore(a: Line, b: Line): boolean {
  if (!a.next || !b.next) return false;
  const { next: one, size } = a;
  const { next: other } = b;
  const order = b.size - size || one.does - other.does || one.connection.since - other.connection.since;
  return order < 0;
}

/** The first of a source to close, so many at most. @param connections in the order in which they began what they do */
function firstToClose(connections: ReadonlySet<Connection>, count: number): Closable[] {
  const lines: Closable[][] = Array.from({ length: fresh + 1 }, () => []);
  for (const connection of connections) {
    const does = doing(connection);
    const line = does === undefined ? undefined : lines[does];
    if (does === undefined || line === undefined || line.length === count) continue;
    line.push({ connection, does });
    // Nobody is closed before those: a crowd is not looked through to its end for each few of it.
    if (does === idle && line.length === count) break;
  }
  return lines.flat();
}

/** Undefined while a request is being answered. */
function doing(connection: Connection): number | undefined {
  const { socket, since, bytes, asked, requests } = connection;
  if (isStalled(connection)) return stalled;
  if (requests.size > 0) return [...requests].some(({ complete }) => complete) ? undefined : body;
  if (socket.bytesRead > bytes) return headers;
  return asked || performance.now() - since > freshMs ? idle : fresh;
}

function isStalled({ socket, output, outputSince }: Connection): boolean {
  return output.left > 0 && outputOf(socket).left > 0 && performance.now() - outputSince > stalledMs;
}

/** Node's own time limit of a socket looks at the same (`net.Socket`, `_onTimeout`). */
function outputOf(socket: Socket): Output {
  const { writeQueueSize = 0 } = (socket as { _handle?: { writeQueueSize?: number } | null })._handle ?? {};
  return { written: socket.bytesWritten - socket.writableLength, left: writeQueueSize };
}

function touch(connection: Connection): void {
  connection.since = performance.now();
  connection.bytes = connection.socket.bytesRead;
}

/** One address, or one IPv6 network of 64 bits: who has one such address has 2^64. */
export function sourceOf(address: string): string {
  if (!address.includes(':')) return address;
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [left = '', right] = plain.split('%')[0]?.split('::') ?? [];
  const groups = left.split(':').filter((group) => group !== '');
  const missing = 8 - groups.length - (right?.split(':').filter((group) => group !== '').length ?? 0);
  return [...groups, ...Array.from({ length: Math.max(missing, 0) }, () => '0')].slice(0, 4).join(':');
}
