// Imported by `node --import` into every process and thread: each name looked up, and each host but this one connected to, is a line of the
// file that FRS_NETWORK_WITNESS names.
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const file = process.env.FRS_NETWORK_WITNESS;
const isOwn = (host) => host === undefined || host === 'localhost' || /^(127\.|::1$|::ffff:127\.)/.test(host);
const note = (what) => file && appendFileSync(file, `${what}\n`);

for (const [of, names] of [
  [dns, ['lookup', 'resolve', 'resolve4', 'resolve6']],
  [dns.promises, ['lookup', 'resolve', 'resolve4', 'resolve6']],
]) {
  for (const name of names) {
    const original = of[name];
    of[name] = function (host, ...more) {
      if (!isOwn(host) && !net.isIP(host)) note(`look-up ${host}`);
      return original.call(this, host, ...more);
    };
  }
}

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [first] = args;
  const options = Array.isArray(first) ? first[0] : first;
  if (options && typeof options === 'object' && !isOwn(options.host)) note(`connection to ${options.host}`);
  return connect.apply(this, args);
};
syncBuiltinESMExports();
