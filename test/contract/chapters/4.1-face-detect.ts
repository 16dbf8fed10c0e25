import { describe, expect, it } from 'vitest';
import { photo, plainPicture } from '../../support/photos.ts';
import { smallPhoto } from '../../support/small-photos.ts';
import { done, refused } from '../support/client.ts';
import { takesLargeBodies } from '../support/large-bodies.ts';

interface Detected {
  readonly faces: readonly {
    readonly bounding_box: Readonly<Record<'top_left_x' | 'top_left_y' | 'width' | 'height', number>>;
    readonly attributes?: Readonly<Record<string, unknown>>;
    readonly landmark?: Readonly<Record<string, readonly unknown[]>>;
  }[];
}
const base64 = (file: Buffer) => file.toString('base64');

describe('4.1 face-detect', () => {
  it('finds every face, largest first, in whole pixels inside the picture', async () => {
    const { faces } = await done<Detected>('face-detect', { json: { image_base64: base64(photo(1)) } });
    expect(faces).toHaveLength(3);
    const areas = faces.map(({ bounding_box: box }) => box.width * box.height);
    expect(areas).toEqual([...areas].sort((a, b) => b - a));
    for (const { bounding_box: box } of faces) {
      expect(box.top_left_x).toBeGreaterThanOrEqual(0);
      expect(box.top_left_y).toBeGreaterThanOrEqual(0);
      expect(box.top_left_x + box.width).toBeLessThanOrEqual(1920);
      expect(box.top_left_y + box.height).toBeLessThanOrEqual(1280);
    }
  });

  it('takes the picture as a file too, with the same answer', async () => {
    const inText = await done('face-detect', { json: { image_base64: base64(smallPhoto(3)) } });
    expect(await done('face-detect', { form: { image_file: smallPhoto(3) } })).toEqual(inText);
  });

  it('answers an empty list where there is no face', async () => {
    expect(await done('face-detect', { json: { image_base64: base64(plainPicture(200, 200)) } })).toEqual({
      faces: [],
    });
  });

  it('adds the attributes that are asked for, and only those', async () => {
    const ask = async (attributes: string) =>
      (await done<Detected>('face-detect', { json: { image_base64: base64(smallPhoto(3)), attributes } }))
        .faces[0];
    expect(Object.keys((await ask('0'))?.attributes ?? {}).sort()).toEqual([
      'pitch_angle',
      'roll_angle',
      'yaw_angle',
    ]);
    const marked = await ask('3');
    expect(marked?.attributes).toBeUndefined();
    expect(marked?.landmark?.eyes_contour?.length).toBeGreaterThan(3);
    const both = await ask('3,12');
    expect(Object.keys(both?.attributes ?? {})).toEqual(['quality']);
    // The last one is beyond the reference.
    expect(Object.keys(both?.attributes?.quality ?? {}).sort()).toEqual(
      ['blur', 'illumination', 'occlusion', 'pose', 'recognizability', 'total_score'].sort(),
    );
    expect(both?.landmark).toBeDefined();
  });

  it.each(['', '9', '0,', '0, 1', 'all', '00'])('refuses the attributes %j', (attributes) =>
    refused('FRS.0012', 'face-detect', { json: { image_base64: 'AAAA', attributes } }),
  );

  it('needs exactly one of its alternatives; null counts as absent', async () => {
    await refused('FRS.0011', 'face-detect', { json: {} });
    await refused('FRS.0011', 'face-detect', { json: { image_base64: null, image_url: null } });
    await refused('FRS.0012', 'face-detect', { json: { image_base64: 'AAAA', image_url: '/a/b' } });
    await refused('FRS.0012', 'face-detect', { json: { image_file: 'AAAA' } });
    await refused('FRS.0012', 'face-detect', { json: { image_base64: 5 } });
    await refused('FRS.0012', 'face-detect', { form: { image_file: photo(1), image_base64: 'AAAA' } });
    const picture = { image_base64: base64(plainPicture(100, 100)), image_url: null, refresh: true };
    await done('face-detect', { json: picture });
  });

  it.each([
    '',
    'A',
    'AAA',
    'AAAAA',
    'AA=A',
    'AA AA===',
    'AAAA\n',
    'AA\r\nAA',
    'AA-_',
    'AAAA====',
    '=',
    'data:image/png;base64,AAAA',
    'ÄÄÄÄ',
  ])('refuses the Base64 %j', (text) => refused('FRS.0015', 'face-detect', { json: { image_base64: text } }));

  it('refuses what is no JPEG, PNG or BMP, or only half of one', async () => {
    await refused('FRS.0016', 'face-detect', { json: { image_base64: 'AAAA' } });
    await refused('FRS.0016', 'face-detect', {
      json: { image_base64: base64(Buffer.from('GIF89a and so on')) },
    });
    await refused('FRS.0016', 'face-detect', {
      json: { image_base64: base64(photo(1).subarray(0, 60_000)) },
    });
    await refused('FRS.0016', 'face-detect', { form: { image_file: Buffer.alloc(0) } });
  });

  it.runIf(takesLargeBodies)('refuses files that are too large', async () => {
    const large = 'A'.repeat(8 * 1024 * 1024 + 4);
    await refused('FRS.0017', 'face-detect', { json: { image_base64: large } });
    await refused('FRS.0016', 'face-detect', { json: { image_base64: large.slice(4) } });
    await refused('FRS.0017', 'face-detect', { form: { image_file: Buffer.alloc(8 * 1024 * 1024 + 1) } });
  });

  it('refuses pictures that are too small', async () => {
    await refused('FRS.0013', 'face-detect', { json: { image_base64: base64(plainPicture(79, 200)) } });
    await done('face-detect', { json: { image_base64: base64(plainPicture(80, 80)) } });
  });
});
