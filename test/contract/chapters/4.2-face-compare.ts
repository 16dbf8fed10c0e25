import { describe, expect, it } from 'vitest';
import { plainPicture } from '../../support/photos.ts';
import { smallPhoto } from '../../support/small-photos.ts';
import { done, refused } from '../support/client.ts';
import { takesLargeBodies } from '../support/large-bodies.ts';

const base64 = (file: Buffer) => file.toString('base64');

describe('4.2 face-compare', () => {
  it('compares the largest faces: the same woman passes 0.93, others do not', async () => {
    const same = await done<{ similarity: number }>('face-compare', {
      json: { image1_base64: base64(smallPhoto(1)), image2_base64: base64(smallPhoto(3)) },
    });
    expect(same.similarity).toBeGreaterThan(0.93);
    const other = await done<{ similarity: number }>('face-compare', {
      form: { image1_file: smallPhoto(1), image2_file: smallPhoto(5) },
    });
    expect(other.similarity).toBeLessThan(0.93);
  });

  it('takes different alternatives for its two pictures', async () => {
    const reply = await done<{ similarity: number }>('face-compare', {
      form: { image1_base64: base64(smallPhoto(1)), image2_file: smallPhoto(1) },
    });
    expect(reply.similarity).toBeGreaterThan(0.99);
  });

  it('needs one alternative of each picture', async () => {
    await refused('FRS.0011', 'face-compare', { json: { image1_base64: 'AAAA' } });
    await refused('FRS.0011', 'face-compare', { json: { image2_url: '/a/b', image1_url: null } });
    await refused('FRS.0012', 'face-compare', {
      json: { image1_base64: 'AAAA', image1_url: '/a/b', image2_base64: 'AAAA' },
    });
  });

  it('refuses a picture without a face', async () => {
    const plain = base64(plainPicture(100, 100));
    await refused('FRS.0501', 'face-compare', {
      json: { image1_base64: plain, image2_base64: base64(smallPhoto(1)) },
    });
    await refused('FRS.0501', 'face-compare', {
      json: { image1_base64: base64(smallPhoto(1)), image2_base64: plain },
    });
  });

  it.runIf(takesLargeBodies)('takes two pictures of 8 MB together, and no more', async () => {
    const half = 'A'.repeat(4 * 1024 * 1024);
    await refused('FRS.0016', 'face-compare', { json: { image1_base64: half, image2_base64: half } });
    await refused('FRS.0017', 'face-compare', {
      json: { image1_base64: half, image2_base64: `${half}AAAA` },
    });
  });
});
