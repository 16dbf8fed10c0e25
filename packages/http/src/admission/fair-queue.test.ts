import { FrsError } from '@openfrs/contract';
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
      { numRuns: 200 },
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
      { numRuns: 200 },
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
});
