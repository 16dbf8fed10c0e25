import { operations } from '@openfrs/contract';
import { type DoorEnv, notFound } from '@openfrs/http';
import { Hono } from 'hono';

/** Every operation's own app behind one port, from the table of operations. */
export async function allDoors(): Promise<Hono<DoorEnv>> {
  const all = new Hono<DoorEnv>();
  for (const { name } of operations) {
    const door = (await import(`../../../functions/${name}.ts`)) as { readonly app: Hono<DoorEnv> };
    all.route('/', door.app);
  }
  all.notFound(notFound);
  return all;
}
