import { FrsError } from '@openfrs/contract';
import { amount } from '@openfrs/testing/sample';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentFlow } from './current-flow.ts';
import { FairQueue } from './fair-queue.ts';
import { recentFlows } from './recent-flows.ts';

/** Work that ends when told to. */
function held() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => ended, end };
}

/** One operation, where only projects matter. */
const of = (project: string, operation = 'detect') => ({ project, operation });
const codeOf = (error: unknown) => (error instanceof FrsError ? error.code : error);
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the queue of heavy operations', () => {
  it('never runs or keeps waiting more than its limits, answers everyone, and is empty at the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ project: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean() }), {
          maxLength: 60,
        }),
        fc.record({ running: fc.integer({ min: 1, max: 4 }), waiting: fc.nat({ max: 12 }) }),
        fc.scheduler(),
        async (arrivals, limits, scheduler) => {
          const queue = new FairQueue(limits);
          let running = 0;
          const all = arrivals.map(({ project, fails }) =>
            queue
              .run(of(project), async () => {
                running += 1;
                expect(running).toBeLessThanOrEqual(limits.running);
                expect(queue.waiting).toBeLessThanOrEqual(limits.waiting);
                await scheduler.schedule(Promise.resolve());
                running -= 1;
                if (fails) throw new Error('failed');
                return 'done';
              })
              .catch((error: unknown) => (error instanceof FrsError ? error.code : 'failed')),
          );
          const answers = Promise.all(all);
          await settle();
          await Promise.all([scheduler.waitIdle(), answers]);
          const refused = (await answers).filter((answer) => answer === 'FRS.0033').length;
          // A project has half of the places, at least, beside others.
          const own = Math.max(1, Math.floor(limits.running / 2));
          expect(refused).toBeLessThanOrEqual(Math.max(0, arrivals.length - own));
          expect([queue.running, queue.waiting]).toEqual([0, 0]);
        },
      ),
      { numRuns: amount(80, 1000) },
    );
  });

  it('is fair: the n-th of a project enters before any other project has had more than n turns since', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 40 }),
        async (arrivals) => {
          const queue = new FairQueue({ running: 1, waiting: 100 });
          const first = held();
          const running = queue.run(of('first'), first.work);
          const order: string[] = [];
          const all = arrivals.map((project) => queue.run(of(project), async () => void order.push(project)));
          first.end();
          await Promise.all([running, ...all]);
          const turns = new Map<string, number>();
          for (const [at, project] of order.entries()) {
            turns.set(project, (turns.get(project) ?? 0) + 1);
            // Whoever still waits has had as many turns, or this project's one more.
            for (const other of order.slice(at + 1)) {
              expect(turns.get(project)).toBeLessThanOrEqual((turns.get(other) ?? 0) + 1);
            }
          }
        },
      ),
      { numRuns: amount(80, 1000) },
    );
  });

  it('keeps room for others when one project floods it', async () => {
    const queue = new FairQueue({ running: 1, waiting: 10 });
    const first = held();
    const running = queue.run(of('flood'), first.work);
    const flood = Array.from({ length: 50 }, () => queue.run(of('flood'), async () => 'flood').catch(codeOf));
    const other = queue.run(of('other'), async () => 'other');
    // Half of the half that a project may take, and the other's one.
    expect(queue.waiting).toBe(3 + 1);
    first.end();
    expect(await other).toBe('other');
    const answers = await Promise.all([running, ...flood]);
    expect(answers.filter((answer) => answer === 'FRS.0033')).toHaveLength(47);
  });

  it('keeps room and turns for the other operations of a project that floods one', async () => {
    const queue = new FairQueue({ running: 1, waiting: 40 });
    const first = held();
    const running = queue.run(of('flood'), first.work);
    const order: string[] = [];
    const flood = Array.from({ length: 50 }, () =>
      queue.run(of('flood'), async () => void order.push('detect')).catch(codeOf),
    );
    expect(queue.hasCapacity(of('flood'))).toBe(false);
    expect(queue.hasCapacity(of('flood', 'search'))).toBe(true);
    const searches = Array.from({ length: 3 }, () =>
      queue.run(of('flood', 'search'), async () => void order.push('search')),
    );
    const other = queue.run(of('other', 'search'), async () => void order.push('other'));
    first.end();
    await Promise.all([running, other, ...flood, ...searches]);
    expect(order.slice(0, 7)).toEqual(['detect', 'other', 'search', 'detect', 'search', 'detect', 'search']);
    expect(order).toHaveLength(10 + 3 + 1);
  });

  it('gives a project every place while it is alone, and half of them while another is active', async () => {
    let now = 0;
    const queue = new FairQueue(
      { running: 4, waiting: 100 },
      recentFlows(() => now, 10_000),
    );
    const works = Array.from({ length: 12 }, held);
    const flood = works.map(({ work }) => queue.run(of('flood'), work));
    expect(queue.running).toBe(4);
    const other = held();
    const served = queue.run(of('other'), other.work);
    const endOne = async () => {
      works.shift()?.end();
      await settle();
    };
    await endOne();
    // The other's one and three of the flood; then no more than two of it.
    expect([queue.running, queue.waiting]).toEqual([4, 8]);
    await endOne();
    expect([queue.running, queue.waiting]).toEqual([3, 8]);
    other.end();
    await served;
    await endOne();
    // Two places are free for who was here a moment ago.
    expect([queue.running, queue.waiting]).toEqual([2, 7]);
    expect(await queue.run(of('other'), async () => 'at once')).toBe('at once');
    now += 10_001;
    await endOne();
    expect([queue.running, queue.waiting]).toEqual([4, 4]);
    for (const { end } of works) end();
    await Promise.all(flood);
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  it('tells what runs in it whose it is', async () => {
    const queue = new FairQueue({ running: 1, waiting: 1 });
    expect(currentFlow()).toBeUndefined();
    const told = queue.run(of('a'), async () => {
      await settle();
      return currentFlow();
    });
    expect(await told).toEqual(of('a'));
  });

  it('drops the waiting work of clients that left, and gives their place in the line to others', async () => {
    const queue = new FairQueue({ running: 1, waiting: 2 });
    const first = held();
    const running = queue.run(of('a'), first.work);
    const leaver = new AbortController();
    let begun = 0;
    const count = async () => {
      begun += 1;
    };
    const dropped = queue.run(of('a'), count, leaver.signal).catch(codeOf);
    expect(await queue.run(of('a'), async () => 'full').catch(codeOf)).toBe('FRS.0033');
    leaver.abort();
    expect(await dropped).toBe('FRS.0033');
    const next = queue.run(of('a'), async () => 'next');
    first.end();
    expect(await next).toBe('next');
    await running;
    expect(await queue.run(of('a'), count, leaver.signal).catch(codeOf)).toBe('FRS.0033');
    expect([begun, queue.running, queue.waiting]).toEqual([0, 0, 0]);
  });

  it('has a place for who has nothing waiting, however many flood it, and serves them after one of each', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 64 }).chain((waiting) =>
          fc.record({
            waiting: fc.constant(waiting),
            flooding: fc.integer({ min: 1, max: waiting - 1 }),
            newNames: fc.boolean(),
          }),
        ),
        async ({ waiting, flooding, newNames }) => {
          const queue = new FairQueue({ running: 1, waiting });
          const first = held();
          const order: string[] = [];
          const running = queue.run(of('0'), first.work);
          let refused = 0;
          const flood = Array.from({ length: waiting * flooding }, (_, n) => {
            const project = String(n % flooding);
            const flow = of(project, newNames ? `name ${n}` : 'detect');
            return queue
              .run(flow, async () => void order.push(project))
              .catch((error: unknown) => {
                expect(error).toMatchObject({ code: 'FRS.0033' });
                refused += 1;
              });
          });
          expect(queue.hasCapacity(of('honest'))).toBe(true);
          const honest = queue.run(of('honest'), async () => void order.push('honest'));
          expect(queue.waiting).toBeLessThanOrEqual(waiting);
          first.end();
          await honest;
          await Promise.all([running, ...flood]);
          expect(order.indexOf('honest')).toBeLessThanOrEqual(flooding);
          expect(order.length - 1 + refused).toBe(flood.length);
          expect([queue.running, queue.waiting]).toEqual([0, 0]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('when full, gives projects equal shares, and within a project operations', async () => {
    const queue = new FairQueue({ running: 1, waiting: 12 });
    const first = held();
    const running = queue.run(of('first'), first.work);
    const served: string[] = [];
    const ask = (project: string, operation: string, times: number) =>
      Array.from({ length: times }, () =>
        queue
          .run(of(project, operation), async () => void served.push(`${project} ${operation}`))
          .catch(codeOf),
      );
    const all = [
      ...ask('a', 'detect', 9),
      ...ask('a', 'compare', 9),
      ...ask('b', 'detect', 9),
      ...ask('b', 'compare', 9),
      ...ask('c', 'detect', 9),
      ...ask('d', 'detect', 9),
      // Its project has its share; its operation has nothing.
      ...ask('a', 'search', 1),
    ];
    first.end();
    await Promise.all([running, ...all]);
    const count = (part: string) => served.filter((flow) => flow.startsWith(part)).length;
    expect(['a', 'b', 'c', 'd'].map(count)).toEqual([3, 3, 3, 3]);
    expect(['a detect', 'a compare', 'a search'].map(count)).toEqual([1, 1, 1]);
  });

  it('displaces the newest of the largest, who is told when to come back, and whose signal is left alone', async () => {
    let now = 0;
    const queue = new FairQueue({ running: 1, waiting: 4 }, recentFlows(), () => now);
    for (let times = 0; times < 48; times++) {
      await queue.run(of('a'), async () => {
        now += 5000;
      });
    }
    const first = held();
    const running = queue.run(of('a'), first.work);
    const client = new AbortController();
    const kept = queue.run(of('a'), async () => 'kept');
    const displaced = queue.run(of('a', 'other'), async () => 'displaced', client.signal);
    const told = expect(displaced).rejects.toMatchObject({ code: 'FRS.0033', retryAfterSeconds: 4 * 5 });
    const others = ['b', 'b', 'c'].map((project, n) => queue.run(of(project, `${n}`), async () => project));
    await told;
    client.abort();
    expect(queue.waiting).toBe(4);
    first.end();
    expect(await Promise.all([kept, ...others])).toEqual(['kept', 'b', 'b', 'c']);
    await running;
    expect([queue.running, queue.waiting]).toEqual([0, 0]);
  });

  it('says when to come back by how long work took lately, a minute at most', async () => {
    let now = 0;
    const queue = new FairQueue({ running: 1, waiting: 0 }, recentFlows(), () => now);
    const take = (ms: number) =>
      queue.run(of('a'), async () => {
        now += ms;
      });
    for (let times = 0; times < 24; times++) await take(2000);
    expect(queue.retryAfterSeconds).toBe(2);
    for (let times = 0; times < 40; times++) await take(9000);
    expect(queue.retryAfterSeconds).toBe(9);
    for (let times = 0; times < 40; times++) await take(600_000);
    expect(queue.retryAfterSeconds).toBe(60);
    for (let times = 0; times < 80; times++) await take(1);
    expect(queue.retryAfterSeconds).toBe(1);
  });

  it('refuses at once who would wait too long, by what waits before it and how long such work took lately', async () => {
    let now = 0;
    const queue = new FairQueue({ running: 1, waiting: 99, longestWaitMs: 10_000 }, recentFlows(), () => now);
    for (const [operation, ms] of [
      ['video', 6000],
      ['picture', 100],
    ] as const) {
      // The first may have loaded the models; the second tells.
      for (let times = 0; times < 2; times++) {
        await queue.run(of('a', operation), async () => {
          now += ms;
        });
      }
    }
    const first = held();
    const all = [queue.run(of('a', 'video'), first.work)];
    const video = () => queue.run(of('a', 'video'), async () => {});
    all.push(video(), video());
    expect(queue.hasCapacity(of('a', 'video'))).toBe(false);
    await expect(video()).rejects.toMatchObject({ code: 'FRS.0033', retryAfterSeconds: expect.any(Number) });
    // A picture of the same project, and a video of another one, wait for one video each.
    expect([of('a', 'picture'), of('b', 'video')].map((flow) => queue.hasCapacity(flow))).toEqual([
      true,
      true,
    ]);
    first.end();
    await Promise.all(all);
    // Twenty pictures are no long wait: videos' times aren't theirs.
    const last = held();
    const pictures = Array.from({ length: 21 }, () => queue.run(of('a', 'picture'), last.work));
    expect(queue.hasCapacity(of('a', 'picture'))).toBe(true);
    last.end();
    await Promise.all(pictures);
  });

  it('refuses nobody for the first piece of work, which loaded the models', async () => {
    let now = 0;
    const queue = new FairQueue({ running: 1, waiting: 99, longestWaitMs: 30_000 }, recentFlows(), () => now);
    await queue.run(of('a', 'picture'), async () => {
      now += 20_000;
    });
    const slow = held();
    const all = Array.from({ length: 10 }, () => queue.run(of('a', 'picture'), slow.work));
    expect(queue.hasCapacity(of('a', 'picture'))).toBe(true);
    expect(queue.retryAfterSeconds).toBeLessThan(30);
    slow.end();
    await Promise.all(all);
  });
});
