import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection that wait for the answers before theirs; whoever sends more is closed. */
const mostWaiting = 64;

type Pipelined = readonly [IncomingMessage, ServerResponse];

/**
 * Begins a pipelined request when the answer before it has been sent. Answers have to go in that order anyway, so whoever reads
 * nothing has one answer in memory.
 */
export function oneAtATime(listener: RequestListener): RequestListener {
  const waiting = new WeakMap<Socket, Pipelined[]>();
  const begin = (socket: Socket, [incoming, response]: Pipelined) => {
    response.once('close', () => {
      const next = socket.writable ? waiting.get(socket)?.shift() : undefined;
      if (next === undefined) waiting.delete(socket);
      else begin(socket, next);
    });
    listener(incoming, response);
  };
  return (incoming, response) => {
    const { socket } = incoming;
    if (!socket.writable) return;
    const queue = waiting.get(socket);
    if (queue === undefined) {
      waiting.set(socket, []);
      begin(socket, [incoming, response]);
    } else if (queue.length < mostWaiting) queue.push([incoming, response]);
    else socket.destroy();
  };
}
