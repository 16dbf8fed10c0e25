import { createFaceSets, type StoreOptions } from '@openfrs/store';
import { time } from './timing.ts';

/** Searches by face_id, 20 a second, each at its own time, whether or not the one before was answered. */
export async function overHttp(
  where: StoreOptions,
  project: string,
  setName: string,
  seconds: number,
): Promise<number[]> {
  const { FRS_ENDPOINT, FRS_DOMAIN, FRS_USER, FRS_PASSWORD, FRS_REGION } = process.env;
  const user = { name: FRS_USER, password: FRS_PASSWORD, domain: { name: FRS_DOMAIN } };
  const identity = { methods: ['password'], password: { user } };
  const auth = { identity, scope: { project: { name: FRS_REGION } } };
  const answer = await fetch(`${FRS_ENDPOINT}/v3/auth/tokens`, {
    method: 'POST',
    body: JSON.stringify({ auth }),
  });
  const token = answer.headers.get('x-subject-token') ?? '';
  const headers = { 'X-Auth-Token': token, 'Content-Type': 'application/json' };
  const sets = createFaceSets(where);
  const listed = await sets.page(await sets.get(project, setName), 0, 1000);
  const ask = async (index: number) => {
    const body = JSON.stringify({ face_id: listed[index % listed.length]?.faceId });
    const url = `${FRS_ENDPOINT}/v2/${project}/face-sets/${setName}/search`;
    return time(async () => {
      const found = await fetch(url, { method: 'POST', headers, body });
      if (!found.ok) throw new Error(await found.text());
      await found.text();
    });
  };
  // Until the service has the vectors, too, and its code is compiled.
  for (let warmUp = 0; warmUp < 200; warmUp += 1) await ask(warmUp);
  const asked: Promise<number>[] = [];
  for (let index = 0; index < seconds * 20; index += 1) {
    const answered = ask(index);
    // Thrown at the end.
    answered.catch(() => undefined);
    asked.push(answered);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return Promise.all(asked);
}
