import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

export interface ProxySettings {
  /** Addresses and networks in CIDR notation; of others no header is believed. */
  readonly trustedProxies: readonly string[];
  /** The one that the proxies write; the other is whatever a client has sent. */
  readonly forwardedHeader: 'x-forwarded-for' | 'forwarded';
}

/** The address of a request's client, as far as it can be told. */
export type ClientAddress = (incoming: IncomingMessage) => string;

/**
 * Tells clients behind trusted proxies apart. The list of addresses is read from its end, where the nearest proxy has written: the
 * first that isn't a trusted proxy is the client, whatever stands before it. What is no address ends the reading.
 */
export function clientAddress({ trustedProxies, forwardedHeader }: ProxySettings): ClientAddress {
  const isTrusted = trustOf(trustedProxies);
  return ({ socket, headers }) => {
    let client = plainAddress(socket.remoteAddress ?? '');
    const text = headers[forwardedHeader];
    if (text === undefined || !isTrusted(client)) return client;
    const told = forwardedHeader === 'forwarded' ? elementsOf(String(text)) : String(text).split(',');
    for (const each of told.reverse()) {
      const address = forwardedHeader === 'forwarded' ? forOf(each) : addressOf(each.trim());
      if (address === undefined) return client;
      client = address;
      if (!isTrusted(client)) return client;
    }
    return client;
  };
}

/** Whether an address is one of these, or in one of these networks. */
export function trustOf(networks: readonly string[]): (address: string) => boolean {
  if (networks.length === 0) return () => false;
  const trusted = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = familyOf(address);
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    const plain = plainAddress(address);
    return isIP(plain) !== 0 && trusted.check(plain, familyOf(plain));
  };
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** An IPv4 address that a socket for both families gives as an IPv6 one. */
const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** The elements of Forwarded: a comma within quotes ends none. */
const elementsOf = (text: string) => text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? [];

/** `for=` of one element of Forwarded (RFC 7239); undefined where it names no address. */
function forOf(element: string): string | undefined {
  // Parameter after parameter, so that none is found within the quoted value of another.
  for (const [, name = '', quoted, plain] of element.matchAll(
    /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;,\s]*))/g,
  ))
    if (name.toLowerCase() === 'for') return addressOf(quoted ?? plain ?? '');
  return undefined;
}

/** Without its port, where one was written behind it. */
function addressOf(text: string): string | undefined {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+)(?::\d+)?$/.exec(text)?.[1] ?? text;
  const address = plainAddress(bare);
  return isIP(address) === 0 ? undefined : address;
}
