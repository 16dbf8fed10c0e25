import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import type { LocalCredentials } from '@openfrs/server';

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** What is read of an answer here; the contract's tests look at the whole. */
export interface Faces {
  readonly faces: readonly {
    readonly similarity: number;
    readonly external_image_id: string;
    readonly face_id: string;
  }[];
}

/** A client as a newcomer writes it: a token, JSON, and pictures in Base64. */
export class Client {
  readonly #credentials: LocalCredentials;
  #token: string | undefined;

  constructor(credentials: LocalCredentials) {
    this.#credentials = credentials;
  }

  async get<Body = Record<string, unknown>>(path: string): Promise<Answer<Body>> {
    return await this.#send(path, { method: 'GET' });
  }

  async post<Body = Record<string, unknown>>(path: string, body: unknown): Promise<Answer<Body>> {
    return await this.#send(path, { method: 'POST', body: JSON.stringify(body) });
  }

  async enrol(set: string, photo: Buffer, person: string): Promise<void> {
    const answer = await this.post(`/face-sets/${set}/faces`, {
      image_base64: photo.toString('base64'),
      external_image_id: person,
      single: true,
    });
    if (answer.status !== 200) throw new Error(`${person}: ${JSON.stringify(answer.body)}`);
  }

  async search(set: string, photo: Buffer): Promise<Faces['faces']> {
    const image_base64 = photo.toString('base64');
    return (await this.post<Faces>(`/face-sets/${set}/search`, { image_base64, top_n: 10 })).body.faces;
  }

  /** A search that the server has taken up and waits for the body of; what is returned sends it and reads the answer. */
  async beginSearch(set: string, photo: Buffer): Promise<() => Promise<Faces['faces']>> {
    this.#token ??= await this.#newToken();
    const { FRS_ENDPOINT, FRS_PROJECT_ID } = this.#credentials;
    const body = JSON.stringify({ image_base64: photo.toString('base64'), top_n: 10 });
    const sent = request(`${FRS_ENDPOINT}/v2/${FRS_PROJECT_ID}/face-sets/${set}/search`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-auth-token': this.#token,
        expect: '100-continue',
      },
    });
    await once(sent, 'continue');
    return async () => {
      sent.end(body);
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      return ((await json(answer)) as Faces).faces;
    };
  }

  async #send<Body>(path: string, request: RequestInit): Promise<Answer<Body>> {
    this.#token ??= await this.#newToken();
    const { FRS_ENDPOINT, FRS_PROJECT_ID } = this.#credentials;
    const headers = { 'content-type': 'application/json', 'x-auth-token': this.#token };
    const answer = await fetch(`${FRS_ENDPOINT}/v2/${FRS_PROJECT_ID}${path}`, { ...request, headers });
    return { status: answer.status, body: (await answer.json()) as Body };
  }

  async #newToken(): Promise<string> {
    const { FRS_ENDPOINT, FRS_DOMAIN, FRS_USER, FRS_PASSWORD, FRS_REGION } = this.#credentials;
    const user = { name: FRS_USER, password: FRS_PASSWORD, domain: { name: FRS_DOMAIN } };
    const answer = await fetch(`${FRS_ENDPOINT}/v3/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        auth: {
          identity: { methods: ['password'], password: { user } },
          scope: { project: { name: FRS_REGION } },
        },
      }),
    });
    const token = answer.headers.get('x-subject-token');
    if (answer.status !== 201 || !token) throw new Error(`no token: ${await answer.text()}`);
    return token;
  }
}

/** Reads `credentials.env` as a program does that knows nothing of shells. */
export async function credentialsIn(file: string): Promise<LocalCredentials> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) as LocalCredentials;
}
