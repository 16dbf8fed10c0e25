import { operations } from '@openfrs/contract';
import { type DoorEnv, docsApp, httpApp } from '@openfrs/http';
import type { Hono } from 'hono';
import { version } from '../package.json' with { type: 'json' };

/**
 * Every operation's own app behind one port, from the table of operations, and the API's description.
 * @param console the app of the web console, where there is one
 */
export async function allDoors(console?: Hono<DoorEnv>): Promise<Hono<DoorEnv>> {
  const all = httpApp();
  for (const { name } of operations) {
    const door = (await import(`../../../functions/${name}.ts`)) as { readonly app: Hono<DoorEnv> };
    all.route('/', door.app);
  }
  all.route('/', docsApp(version));
  if (console) all.route('/', console);
  return all;
}
