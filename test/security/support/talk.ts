import { connect, type Socket } from 'node:net';
import { service } from '../../contract/support/service.ts';

/** A connection to the service; another source than the others where `from` is another loopback address. */
export function openConnection(text: string | Uint8Array = '', from = '127.0.0.1'): Socket {
  const { hostname, port } = new URL(service.endpoint);
  const socket = connect({ port: Number(port), host: hostname, localAddress: from });
  socket.on('error', () => {});
  if (text.length > 0) socket.write(text);
  return socket;
}

/** Sends bytes as they are; all that comes back until the answer's JSON is whole or the connection is closed. */
export async function exchangeBytes(text: string | Uint8Array, from?: string): Promise<string> {
  const socket = openConnection(text, from);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
    if (/\r\n\r\n.*}$/s.test(answer)) socket.destroy();
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}
