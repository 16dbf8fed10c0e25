import type { IncomingMessage, Server } from 'node:http';
import { isIPv6, type Socket } from 'node:net';

export interface ConnectionLimits {
  /** Of all clients. */
  readonly total: number;
  /** Of one address, or of one IPv6 network of 64 bits. A proxy is one source. */
  readonly perSource: number;
}

/** Above this part of all connections, idle ones and unfinished headers get less time. */
const pressure = 0.75;
const pressedMs = 5000;
const checkMs = 1000;
/** So many are closed together, so that a flood doesn't cost a look at all of them for each of its connections. */
const batch = 0.02;

/** What a connection does, in the order in which they are closed; one whose request is being answered never is. */
const idle = 0;
const headers = 1;
const body = 2;
/** A connection that has just been made, whose first request is on its way. */
const fresh = 3;
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
  /** Those that are being answered. */
  readonly requests: Set<IncomingMessage>;
}

/**
 * Bounds the connections of a server, all together and of each source. Where there are too many, those that do nothing are
 * closed for those that come: of the source with the most, first idle ones, then unfinished headers, unfinished bodies and those
 * just made, the longest first. So a new client gets in at once, however many connections another one holds.
 */
export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #sources = new Map<string, Set<Connection>>();
  readonly #all = new Map<Socket, Connection>();

  constructor(server: Server, limits: ConnectionLimits) {
    this.#limits = limits;
    server.on('connection', (socket: Socket) => this.#add(socket));
    server.on('request', (incoming, response) => {
      const connection = this.#all.get(incoming.socket);
      if (connection === undefined) return;
      connection.requests.add(incoming);
      connection.asked = true;
      response.once('close', () => {
        connection.requests.delete(incoming);
        touch(connection);
      });
    });
    const timer = setInterval(() => this.#closePressed(), checkMs).unref();
    server.once('close', () => clearInterval(timer));
  }

  get size(): number {
    return this.#all.size;
  }

  #add(socket: Socket): void {
    const source = sourceOf(socket.remoteAddress ?? '');
    const connection: Connection = { socket, source, since: 0, bytes: 0, asked: false, requests: new Set() };
    touch(connection);
    const mine = this.#sources.get(source) ?? new Set();
    this.#sources.set(source, mine.add(connection));
    this.#all.set(socket, connection);
    socket.once('close', () => this.#remove(connection));
    const { total, perSource } = this.#limits;
    if (mine.size > perSource) this.#close([mine], Math.ceil(perSource * batch));
    if (this.#all.size > total) this.#close([...this.#sources.values()], Math.ceil(total * batch));
  }

  #remove(connection: Connection): void {
    const mine = this.#sources.get(connection.source);
    mine?.delete(connection);
    if (mine?.size === 0) this.#sources.delete(connection.source);
    this.#all.delete(connection.socket);
  }

  /** Closes so many, each of the source that then has the most. */
  #close(sources: readonly Set<Connection>[], count: number): void {
    const lines = sources.map((connections) => {
      const line = [...connections]
        .flatMap((connection) => {
          const does = doing(connection);
          return does === undefined ? [] : [{ connection, does }];
        })
        .sort((a, b) => a.does - b.does || a.connection.since - b.connection.since);
      return { line: line.values(), size: connections.size, next: line[0] };
    });
    for (const { line } of lines) line.next();
    for (let left = count; left > 0; left--) {
      const candidates = lines.filter(({ next }) => next !== undefined);
      if (candidates.length === 0) return;
      const most = candidates.reduce((a, b) => (isBefore(b, a) ? b : a));
      if (most.next) this.#closeOne(most.next.connection);
      most.size -= 1;
      most.next = most.line.next().value;
    }
  }

  /** Gone at once from the count; the socket's own `close` comes later. */
  #closeOne(connection: Connection): void {
    this.#remove(connection);
    connection.socket.destroy();
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

interface Line {
  readonly size: number;
  readonly next: { readonly connection: Connection; readonly does: number } | undefined;
}

function isBefore(a: Line, b: Line): boolean {
  if (!a.next || !b.next) return false;
  const { next: one, size } = a;
  const { next: other } = b;
  const order = b.size - size || one.does - other.does || one.connection.since - other.connection.since;
  return order < 0;
}

/** Undefined while a request is being answered. */
function doing({ socket, since, bytes, asked, requests }: Connection): number | undefined {
  if (requests.size > 0) return [...requests].some(({ complete }) => complete) ? undefined : body;
  if (socket.bytesRead > bytes) return headers;
  return asked || performance.now() - since > freshMs ? idle : fresh;
}

function touch(connection: Connection): void {
  connection.since = performance.now();
  connection.bytes = connection.socket.bytesRead;
}

/** One address, or one IPv6 network of 64 bits: who has one such address has 2^64. */
export function sourceOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [left = '', right] = plain.split('%')[0]?.split('::') ?? [];
  const groups = left.split(':').filter((group) => group !== '');
  const missing = 8 - groups.length - (right?.split(':').filter((group) => group !== '').length ?? 0);
  return [...groups, ...Array.from({ length: Math.max(missing, 0) }, () => '0')].slice(0, 4).join(':');
}
