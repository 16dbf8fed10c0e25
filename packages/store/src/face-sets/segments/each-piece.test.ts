import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { eachPiece } from './each-piece.ts';

const piece = Buffer.alloc(64 * 1024);

/** A body of so many pieces, all of which are there. */
function body(pieces: number): Readable {
  let left = pieces;
  return new Readable({
    highWaterMark: 2 * piece.length,
    read() {
      this.push(left-- > 0 ? piece : null);
    },
  });
}

it('takes two pieces of a body in a turn of the event loop', async () => {
  let [inTurn, maxAtOnce, all] = [0, 0, 0];
  let over = false;
  const turn = () => {
    inTurn = 0;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  const take = ({ length }: Buffer) => {
    inTurn += length;
    maxAtOnce = Math.max(maxAtOnce, inTurn);
    all += length;
  };
  await Promise.all([100, 100, 3].map((pieces) => eachPiece(body(pieces), take)));
  over = true;
  expect(all).toBe(203 * piece.length);
  expect(maxAtOnce).toBeLessThanOrEqual(3 * 2 * piece.length);
});

it('ends with what goes wrong where a piece is taken, and others go on', async () => {
  const broken = eachPiece(body(100), () => {
    throw new Error('wrong');
  });
  let all = 0;
  await Promise.all([
    expect(broken).rejects.toThrow('wrong'),
    eachPiece(body(50), ({ length }) => {
      all += length;
    }),
  ]);
  expect(all).toBe(50 * piece.length);
});
