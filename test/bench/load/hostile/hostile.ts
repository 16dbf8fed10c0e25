import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { plainStart } from '../../../e2e/npm-start.ts';
import { type Served, withService } from '../served.ts';
import { times } from '../traffic.ts';
import { ask } from './ask.ts';
import type { Attack } from './attack.ts';
import { attacks } from './attacks.ts';
import { Child } from './child.ts';
import { importFaces } from './faces.ts';
import type { Observations } from './honest.ts';
import { honestPicture } from './honest-picture.ts';
import { type Row, verdicts } from './judge.ts';
import { loginBody, type Target } from './target.ts';
import { figures, Watch } from './watch.ts';

interface Options {
  /** Of each attack; 30 unless set, and a few are enough to see it work. */
  readonly seconds?: string | undefined;
  /** The name of one attack. */
  readonly only?: string | undefined;
  readonly json?: string | undefined;
}

/** What a request may last in all: the local server gives a body 120 s and looks every 5 s. */
const deadlineSeconds = 140;
/** After an attack memory has so long to come back, and the honest client to be served. */
const [memorySeconds, recoverySeconds] = [60, 10];
/** Before each attack and after it: other work on the machine must not pass for the attack's. */
const quietSeconds = 10;

/**
 * Of sessions: each client stands for another machine. The honest one, which uses a fiftieth of a core, waits for none, the attacker goes
 * behind the service, whose cores it would not have. What it sends a second is in the row: it must not become less.
 */
const [honestNiceness, attackerNiceness] = [-19, 5];

/**
 * Runs each attack of issue 18 against the whole service, one after the other, beside an honest client of another account and
 * another source address. The service is the compiled program, as `openfrs serve` and the container run it: `npm start` from sources
 * answers this machine only, and holds some 300 MB of tools besides. Service, attacker and honest client are processes of their own. Prints for each attack what
 * the honest client met, which cores each used, and what of the acceptance holds. Ends with code 1 where a hard rule is broken.
 */
export async function benchHostile({ seconds, only, json }: Options): Promise<void> {
  const chosen = attacks.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0)
    throw new Error(`--only takes one of: ${attacks.map(({ name }) => name).join(', ')}`);
  const left = [...chosen];
  const rows: Row[] = [];
  while (left.length > 0) {
    await withService(
      async (served) => {
        const scene = await setUp(served);
        try {
          await warmUp(scene);
          for (let attack = left.shift(); attack; attack = left.shift()) {
            const row = await attacked(scene, attack, Number(seconds ?? 30));
            rows.push(row);
            report(row, attack);
            // What can't be used any more is started anew for the next attack.
            if (!row.recovered) break;
          }
        } finally {
          scene.honest.end();
        }
      },
      { everyMs: 1000, exact: false },
      plainStart,
    );
  }
  const all = rows.map((row) => ({ ...row, verdicts: verdicts(row) }));
  if (json)
    await writeFile(json, `${JSON.stringify({ cores: availableParallelism(), rows: all }, undefined, 2)}\n`);
  if (all.some((row) => row.verdicts.some(({ hard, holds }) => hard && !holds))) process.exitCode = 1;
}

interface Scene {
  readonly served: Served;
  readonly attacker: Target;
  readonly client: Target;
  readonly honest: Child;
}

/** The developer's account attacks; another account asks from another address. */
async function setUp(served: Served): Promise<Scene> {
  const { credentials: c } = served;
  const attacker: Target = {
    endpoint: c.FRS_ENDPOINT,
    from: '127.0.0.1',
    domain: c.FRS_DOMAIN,
    user: c.FRS_USER,
    password: c.FRS_PASSWORD,
    region: c.FRS_REGION,
    projectId: c.FRS_PROJECT_ID,
    ak: c.FRS_AK,
    sk: c.FRS_SK,
    token: await served.token(),
  };
  const external_fields = { l: { type: 'long' } };
  const made = await served.client.post('/face-sets', { face_set_name: 'large', external_fields });
  if (made.status !== 200) throw new Error(JSON.stringify(made.body));
  const account = (await served.operate('account', 'create', 'honest')) as Omit<Target, 'region'> & {
    project: string;
  };
  const other = { ...account, region: account.project, endpoint: c.FRS_ENDPOINT, from: '127.0.0.2' };
  const login = { path: '/v3/auth/tokens', headers: { 'content-type': 'application/json' } };
  const { headers } = await ask(other, { ...login, body: [Buffer.from(loginBody(other))] }, 60_000);
  const client = { ...other, token: String(headers['x-subject-token']) };
  return { served, attacker, client, honest: new Child('./honest.ts', honestNiceness) };
}

/** Models, code and stores are warm after that: both clients at once let the service start all its workers. */
async function warmUp(scene: Scene): Promise<void> {
  const { attacker, client } = scene;
  const pictures = [attacker, client, attacker, client].map((target) =>
    ask(target, honestPicture(target), 60_000),
  );
  await Promise.all(pictures);
  await quiet(scene, quietSeconds);
}

async function quiet({ honest, client }: Scene, seconds: number): Promise<Observations> {
  honest.tell({ begin: client });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  honest.tell('end');
  return await honest.says<Observations>();
}

async function attacked(scene: Scene, attack: Attack, seconds: number): Promise<Row> {
  const { served, attacker, client, honest } = scene;
  if (attack.faces) await haveFaces(scene, attack.faces);
  const sender = new Child('./attacker.ts', attackerNiceness);
  try {
    sender.tell({ attack: attack.name, target: attacker, seconds, deadlineSeconds });
    await sender.says();
    const before = await quiet(scene, quietSeconds);
    const watch = await Watch.start(served, attack.faces !== undefined);
    const usedBy = async (): Promise<Used> => [(await served.cpu()) * 1000, sender.cpuMs, honest.cpuMs];
    const begun = performance.now();
    const used = await usedBy();
    honest.tell({ begin: client });
    sender.tell('begin');
    const over = sender.says<Row['tally']>();
    // The attack's last requests may take long to end; the honest client is measured while new ones come.
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, seconds * 1000))]);
    const cores = coresUsed(used, await usedBy(), performance.now() - begun);
    honest.tell('end');
    const met = await honest.says<Observations>();
    const tally = await over;
    const recovered = await servedWithin(client, recoverySeconds);
    const { memory, lateMs } = await watch.end(memorySeconds);
    const after = recovered ? await quiet(scene, quietSeconds) : undefined;
    const { detect, lists, logins } = figures(met);
    return {
      attack: attack.name,
      quiet: times([...before.detect, ...(after?.detect ?? [])]),
      detect,
      lists,
      logins,
      stretch: Math.round(met.stretch),
      refusals: met.refusals,
      tally,
      perSecond: Math.round(tally.sent / seconds),
      cores,
      faults: met.faults + tally.faults,
      unanswered: met.unanswered + tally.unanswered,
      memory,
      lateMs,
      recovered,
    };
  } finally {
    sender.end();
  }
}

type Used = readonly [service: number, attacker: number, honest: number];

function coresUsed(before: Used, after: Used, ms: number): Row['cores'] {
  const [service = 0, attacker = 0, honest = 0] = after.map(
    (used, at) => Math.round((100 * (used - (before[at] ?? 0))) / ms) / 100,
  );
  return { service, attacker, honest };
}

/** Imports what the attacker's set lacks. */
async function haveFaces({ served }: Scene, faces: number): Promise<void> {
  const { body } = await served.client.get<{ face_set_info: { face_number: number } }>('/face-sets/large');
  const missing = faces - body.face_set_info.face_number;
  if (missing > 0) await importFaces(served, 'large', missing);
}

/** Whether a picture is detected soon. */
async function servedWithin(client: Target, seconds: number): Promise<boolean> {
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    const { status } = await ask(client, honestPicture(client), until - Date.now());
    if (status === 200) return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

function report(row: Row, { what }: Attack): void {
  const { memory, tally } = row;
  const ratio = (row.detect.p99 / row.quiet.p99).toFixed(1);
  console.log(`\n== ${row.attack}: ${what}`);
  console.log(
    `   face-detect p50 ${row.detect.p50} p99 ${row.detect.p99} ms (quiet ${row.quiet.p50}, ${row.quiet.p99}: ${ratio} ×), ` +
      `${row.detect.served} served, not for ${(row.stretch / 1000).toFixed(1)} s at most; ` +
      `lists p99 ${row.lists.p99} ms; logins p50 ${row.logins.p50} max ${row.logins.max} ms; event loop late by ${row.lateMs} ms`,
  );
  const back = memory.backAfter === undefined ? '' : ` after ${memory.backAfter} s`;
  const sets =
    memory.sets === undefined ? '' : `, ${memory.sets} of it the sets that were loaded, which stay`;
  console.log(`   memory ${memory.before} MB, peak ${memory.peak}, then ${memory.after}${back}${sets}`);
  const { service, attacker, honest } = row.cores;
  console.log(
    `   cores: service ${service}, attacker ${attacker} (${row.perSecond} requests a second), honest client ${honest}`,
  );
  console.log(`   attack: ${JSON.stringify(tally)}; honest client refused: ${JSON.stringify(row.refusals)}`);
  for (const { rule, holds, hard } of verdicts(row)) {
    console.log(`   ${holds ? 'pass' : hard ? 'FAIL' : 'fail'}  ${rule}`);
  }
}
