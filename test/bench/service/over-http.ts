import { Agent, request } from 'node:http';
import { createFaceSets, type StoreOptions } from '@openfrs/store';
import { time } from './timing.ts';

/**
 * Searches of a set by the face ids of its first faces: each call is one, by the next face, and gives its milliseconds from
 * sending it to having read the answer. By node:http, whose client takes half of what `fetch` takes of the same two cores.
 * The service has been asked often enough to have all in memory and its code compiled.
 */
export async function searchesOverHttp(
  where: StoreOptions,
  project: string,
  setName: string,
): Promise<() => Promise<number>> {
  const { FRS_ENDPOINT, FRS_DOMAIN, FRS_USER, FRS_PASSWORD, FRS_REGION } = process.env;
  const user = { name: FRS_USER, password: FRS_PASSWORD, domain: { name: FRS_DOMAIN } };
  const identity = { methods: ['password'], password: { user } };
  const auth = { identity, scope: { project: { name: FRS_REGION } } };
  const answer = await fetch(`${FRS_ENDPOINT}/v3/auth/tokens`, {
    method: 'POST',
    body: JSON.stringify({ auth }),
  });
  const token = answer.headers.get('x-subject-token') ?? '';
  const sets = createFaceSets(where);
  const listed = await sets.page(await sets.get(project, setName), 0, 1000);
  const url = `${FRS_ENDPOINT}/v2/${project}/face-sets/${setName}/search`;
  const agent = new Agent({ keepAlive: true });
  let next = 0;
  const search = () => {
    const face_id = listed[next % listed.length]?.faceId;
    next += 1;
    return time(() => post(url, agent, token, JSON.stringify({ face_id })));
  };
  for (let warmUp = 0; warmUp < 1000; warmUp += 1) await search();
  return search;
}

function post(url: string, agent: Agent, token: string, body: string): Promise<void> {
  const headers = {
    'X-Auth-Token': token,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (answer.statusCode === 200 && JSON.parse(text).faces.length > 0) resolve();
        else reject(new Error(text));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
