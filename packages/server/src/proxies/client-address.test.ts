import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { clientAddress, type ProxySettings } from './client-address.ts';

const trustedProxies = ['10.0.0.0/8', '::1', 'fd00::/8'];

function client(
  peer: string,
  headers: Record<string, string>,
  forwardedHeader: ProxySettings['forwardedHeader'] = 'x-forwarded-for',
): string {
  const incoming = { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage;
  return clientAddress({ trustedProxies, forwardedHeader })(incoming);
}
const behind = (list: string) => client('10.1.2.3', { 'x-forwarded-for': list });

describe('the client of a request', () => {
  it('is the peer, whatever it says of itself, where that is no trusted proxy', () => {
    const headers = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' };
    expect(client('192.0.2.1', headers)).toBe('192.0.2.1');
    expect(client('192.0.2.1', headers, 'forwarded')).toBe('192.0.2.1');
    expect(client('::ffff:192.0.2.1', {})).toBe('192.0.2.1');
  });

  it('is the last that is no trusted proxy: what stands before it, the client has made up', () => {
    expect(behind('203.0.113.9')).toBe('203.0.113.9');
    expect(behind('1.1.1.1, 203.0.113.9')).toBe('203.0.113.9');
    expect(behind('10.9.9.9, 203.0.113.9, 10.0.0.7')).toBe('203.0.113.9');
    expect(behind('10.0.0.9, 10.0.0.8')).toBe('10.0.0.9');
  });

  it('may have a port, and be of either family', () => {
    expect(behind('203.0.113.9:4711')).toBe('203.0.113.9');
    expect(behind('[2001:db8::7]:4711')).toBe('2001:db8::7');
    expect(behind('2001:db8::7')).toBe('2001:db8::7');
    expect(client('::ffff:10.1.2.3', { 'x-forwarded-for': '203.0.113.9' })).toBe('203.0.113.9');
    expect(client('::1', { 'x-forwarded-for': '203.0.113.9' })).toBe('203.0.113.9');
  });

  it('is the proxy that told no address', () => {
    for (const text of ['', 'unknown', '203.0.113.9, _hidden', '1.2.3.4.5', '<script>', '203.0.113.9,'])
      expect(behind(text)).toBe('10.1.2.3');
  });

  it('is read from Forwarded where the proxies write that, and only then', () => {
    const forwarded = 'for=1.1.1.1, for="[2001:db8::7]:4711";proto=https;by=10.0.0.7, for=10.0.0.7';
    const both = { forwarded, 'x-forwarded-for': '203.0.113.9' };
    expect(client('10.1.2.3', both, 'forwarded')).toBe('2001:db8::7');
    expect(client('10.1.2.3', both)).toBe('203.0.113.9');
    expect(client('10.1.2.3', { forwarded })).toBe('10.1.2.3');
    expect(client('10.1.2.3', { forwarded: 'proto=https' }, 'forwarded')).toBe('10.1.2.3');
    expect(client('10.1.2.3', { forwarded: 'for=unknown' }, 'forwarded')).toBe('10.1.2.3');
    // A proxy that writes the client's Host has it in quotes.
    for (const host of ['x;for=6.6.6.6;y', 'x,for=6.6.6.6', 'x\\";for=6.6.6.6']) {
      const quoted = { forwarded: `proto=https;host="${host}";for=203.0.113.9` };
      expect(client('10.1.2.3', quoted, 'forwarded')).toBe('203.0.113.9');
    }
  });
});
