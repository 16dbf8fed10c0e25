import { type Attack, flood } from '../attack.ts';
import { imageFile, multipart, multipartType } from '../multipart.ts';
import { noise } from '../pictures.ts';

const width = 300;

/** All at once, half as JSON and half as multipart. */
export const burst: Attack = {
  name: 'burst',
  what: `${width} pictures of 6 MB at once`,
  async prepare(order) {
    const { projectId, token } = order.target;
    const file = await noise(5_800_000);
    const json = [Buffer.from('{"image_base64":"'), Buffer.from(file.toString('base64')), Buffer.from('"}')];
    const form = multipart([imageFile, 'Content-Type: image/jpeg'], file);
    return () =>
      flood(order, width, (number) => ({
        path: `/v2/${projectId}/face-detect`,
        headers: {
          'x-auth-token': token,
          'content-type': number % 2 === 0 ? 'application/json' : multipartType,
        },
        body: number % 2 === 0 ? json : form,
      }));
  },
};
