import { connect, type Socket } from 'node:net';
import type { Attack, Order } from '../attack.ts';
import { Tallying } from '../tally.ts';

const width = 2100;

/** Half of them never say anything, half send a header without end; who is closed connects again. */
export const idleConnections: Attack = {
  name: 'connections',
  what: `${width} idle and slow connections`,
  prepare: async (order) => async () => {
    const tally = new Tallying();
    const until = Date.now() + order.seconds * 1000;
    const one = async (at: number) => {
      do {
        const { promise, end } = connection(order, at % 2 === 1, until);
        const giveUp = setTimeout(() => end('unanswered'), order.deadlineSeconds * 1000);
        tally.add(await promise);
        clearTimeout(giveUp);
        // Reconnecting costs both processes: as fast as somebody far away could.
        await new Promise((resolve) => setTimeout(resolve, 500));
      } while (Date.now() < until);
    };
    await Promise.all(Array.from({ length: width }, (_, at) => one(at)));
    return tally.result();
  },
};

function connection({ target }: Order, slow: boolean, until: number) {
  const { hostname, port } = new URL(target.endpoint);
  const begun = performance.now();
  let end: (how: 'closed' | 'left' | 'unanswered') => void = () => {};
  const promise = new Promise<Parameters<Tallying['add']>[0]>((resolve) => {
    const socket: Socket = connect({ host: hostname, port: Number(port), localAddress: target.from });
    end = (how) => {
      clearInterval(timer);
      socket.destroy();
      resolve({ end: how, ms: performance.now() - begun, status: 0, code: '' });
    };
    socket.on('error', () => end('closed'));
    socket.on('close', () => end('closed'));
    socket.on('data', () => {});
    if (slow) socket.write('GET /health HTTP/1.1\r\nHost: a\r\nX-A: ');
    const timer = setInterval(() => {
      if (slow && socket.writable) socket.write('a');
      // A connection that has said nothing may be kept: nobody waits for an answer on it.
      else if (!slow && Date.now() > until) end('left');
    }, 1000);
  });
  return { promise, end: (how: 'unanswered') => end(how) };
}
