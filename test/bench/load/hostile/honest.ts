import { ask, type Reply, type Shot } from './ask.ts';
import { honestPicture } from './honest-picture.ts';
import { loginBody, type Target } from './target.ts';

/** What the honest client observed in one phase; ms. */
export interface Observations {
  /** Of pictures that were detected. */
  readonly detect: readonly number[];
  readonly lists: readonly number[];
  readonly logins: readonly number[];
  /** The longest time in which it asked and no picture of it was detected. */
  readonly stretch: number;
  /** What else it was answered, by operation and code. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly faults: number;
  readonly unanswered: number;
}

/** Who waits longer has given up. */
const patienceMs = 60_000;
/**
 * At most so often a picture is asked for, one after the other, as a person's client does. Two pictures a second are half of
 * what two cores detect: sent whether answered or not, they would wait for each other as soon as they share the cores.
 */
const pictureMs = 500;

/** Asks until `over`, and waits for the last answers. */
async function phase(target: Target, over: Promise<void>): Promise<Observations> {
  let ended = false;
  void over.then(() => {
    ended = true;
  });
  const [detect, lists, logins]: [number[], number[], number[]] = [[], [], []];
  const refusals: Record<string, number> = {};
  let [faults, unanswered, stretch, served] = [0, 0, 0, performance.now()];
  const one = async (kind: string, shot: Shot, good: number, served: number[]): Promise<Reply> => {
    const reply = await ask(target, shot, patienceMs);
    if (reply.status >= 500) faults += 1;
    if (reply.end === 'unanswered') unanswered += 1;
    if (reply.status === good) served.push(reply.ms);
    else {
      const what = `${kind}: ${reply.end === 'answered' ? reply.code || reply.status : reply.end}`;
      refusals[what] = (refusals[what] ?? 0) + 1;
    }
    return reply;
  };
  const headers = { 'x-auth-token': target.token, 'content-type': 'application/json' };
  let isAsking = false;
  const kinds = [
    {
      everyMs: pictureMs,
      async work() {
        if (isAsking) return;
        isAsking = true;
        const { status } = await one('face-detect', honestPicture(target), 200, detect);
        isAsking = false;
        if (status !== 200) return;
        stretch = Math.max(stretch, performance.now() - served);
        served = performance.now();
      },
    },
    {
      everyMs: 200,
      work: async () => {
        const path = `/v2/${target.projectId}/face-sets`;
        await one('face-set-list', { method: 'GET', path, headers }, 200, lists);
      },
    },
    {
      everyMs: 3000,
      work: async () => {
        const body = [Buffer.from(loginBody(target))];
        const json = { 'content-type': 'application/json' };
        await one('login', { path: '/v3/auth/tokens', headers: json, body }, 201, logins);
      },
    },
  ];
  const running: Promise<void>[] = [];
  await Promise.all(
    kinds.map(async ({ everyMs, work }) => {
      while (!ended) {
        running.push(work());
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    }),
  );
  await Promise.all(running);
  // Asked for to the end and not served any more.
  if (Object.keys(refusals).some((what) => what.startsWith('face-detect'))) {
    stretch = Math.max(stretch, performance.now() - served);
  }
  return { detect, lists, logins, stretch, refusals, faults, unanswered };
}

/** A process of its own. Each `begin` opens a phase, each `end` closes it, and what was met comes back. */
let over = () => {};
process.once('disconnect', () => process.exit());
process.on('message', async (message: { begin: Target } | 'end') => {
  if (message === 'end') return over();
  const until = new Promise<void>((resolve) => {
    over = resolve;
  });
  process.send?.(await phase(message.begin, until));
});
