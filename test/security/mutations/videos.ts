import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { tokenOf } from '../../contract/support/client.ts';
import { sharedData } from '../../support/shared-data.ts';
import { converse, expectContract } from '../support/conversation.ts';
import { fixture } from '../support/fixture.ts';
import type { Kind } from '../support/fuzz.ts';
import { requestBytes } from '../support/http-text.ts';
import { mutated } from '../support/mutate.ts';

const box = (type: string, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
};
const some = (bytes: number) => Buffer.alloc(bytes, 1);

/** The outline of each container; where it is there, a video of a second as well. */
const clip = sharedData('clips/lim_1s.mp4');
const bases: readonly Buffer[] = [
  ...(clip ? [readFileSync(clip)] : []),
  Buffer.concat([
    box('ftyp', Buffer.from('isom\0\0\0\0isommp42')),
    box(
      'moov',
      box('mvhd', some(100)),
      box(
        'trak',
        box('tkhd', some(84)),
        box(
          'mdia',
          box('mdhd', some(24)),
          box('minf', box('stbl', box('stsd', some(100)), box('stts', some(16)))),
        ),
      ),
    ),
    box('mdat', some(500)),
  ]),
  Buffer.concat([
    Buffer.from(
      '1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701ffffffffffffff',
      'hex',
    ),
    some(500),
  ]),
  Buffer.concat([Buffer.from('RIFF\xff\x02\0\0AVI LIST\x80\0\0\0hdrlavih\x38\0\0\0', 'latin1'), some(600)]),
  Buffer.concat([Buffer.from('FLV\x01\x05\0\0\0\x09\0\0\0\0\x09\0\0\x10', 'latin1'), some(300)]),
];

/** Videos with bytes of their containers changed. */
export const videos: Kind<readonly [number, number]> = {
  name: 'video containers',
  share: 1 / 12,
  width: 1,
  arbitrary: fc.tuple(fc.nat({ max: bases.length - 1 }), fc.nat({ max: 2 ** 30 })),
  async attempt([base, change]) {
    const video_base64 = mutated(bases[base] ?? Buffer.of(), change).toString('base64');
    const json = Buffer.from(JSON.stringify({ video_base64, actions: '1' }));
    const headers = [
      ['X-Auth-Token', await tokenOf(fixture.attacker)],
      ['Content-Type', 'application/json'],
    ] as const;
    const target = `/v2/${fixture.attacker.projectId}/live-detect`;
    expectContract(await converse(requestBytes('POST', target, headers, json)), fixture.secrets);
  },
};
