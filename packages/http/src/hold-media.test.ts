import { expect, it } from 'vitest';
import { MemoryBudget } from './admission/memory-budget.ts';
import { holdMedia } from './hold-media.ts';

const text = Buffer.alloc(90_000, 7).toString('base64');

/** A request whose body is counted. */
function request(bytes: number) {
  const budget = new MemoryBudget(1e9);
  const reservation = budget.reserve();
  reservation.add(bytes);
  return { budget, reservation };
}

it('holds Base64 as what it stands for, counts that, and frees it with the reservation', () => {
  const { budget, reservation } = request(text.length + 20);
  const { image, threshold } = holdMedia(
    { image: { kind: 'base64', text } as object, threshold: 0.5 },
    reservation,
  ) as { image: { bytes: Uint8Array }; threshold: number };
  expect(image).toMatchObject({ kind: 'decoded', textLength: text.length });
  expect(Buffer.from(image.bytes).equals(Buffer.alloc(90_000, 7))).toBe(true);
  expect(threshold).toBe(0.5);
  expect(budget.reserved).toBe(90_020);
  reservation.release();
  expect([budget.reserved, image.bytes.length]).toEqual([0, 0]);
});

it('holds two pictures of one request, each in memory of its own', () => {
  const { budget, reservation } = request(2 * text.length);
  const media = () => ({ kind: 'base64', text }) as object;
  const held = holdMedia({ image1: media(), image2: media() }, reservation);
  expect(held).toMatchObject({ image1: { kind: 'decoded' }, image2: { kind: 'decoded' } });
  expect(budget.reserved).toBe(180_000);
});

it.each([
  ['no Base64', `${text.slice(4)}abc!`],
  ['too large for a picture', 'A'.repeat(8 * 1024 * 1024 + 4)],
])('leaves a text that is %s for the check whose turn it will be', (_, wrong) => {
  const { budget, reservation } = request(wrong.length);
  const parameters = { image: { kind: 'base64', text: wrong } };
  expect(holdMedia(parameters, reservation)).toEqual(parameters);
  expect(budget.reserved).toBe(wrong.length);
});

it('leaves files, addresses, and parameters of other kinds as they are', () => {
  const { reservation } = request(10);
  const bytes = Buffer.from('file');
  const parameters = {
    image: { kind: 'file', bytes },
    video: { kind: 'url', url: '/a/b' },
    names: ['base64'],
  };
  const held = holdMedia({ ...parameters, none: undefined, empty: null }, reservation);
  expect(held).toMatchObject(parameters);
  expect((held.image as { bytes: Buffer }).bytes).toBe(bytes);
});
