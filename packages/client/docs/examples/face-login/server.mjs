// A login with a face: serves page.html, and asks the service with a key that no page ever sees.
// Users are enrolled before (guides/face-login.md): external_image_id and the field `user` are the user's name.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { frsClient } from '@openfrs/client';

const { FRS_ENDPOINT = '', FRS_PROJECT_ID = '', FRS_AK = '', FRS_SK = '', PORT = '3000' } = process.env;
const frs = frsClient({
  endpoint: FRS_ENDPOINT,
  projectId: FRS_PROJECT_ID,
  credentials: { ak: FRS_AK, sk: FRS_SK },
});
const page = await readFile(new URL('page.html', import.meta.url));
const mostBytes = 4_000_000;

const routes = {
  'GET /': async (_, response) => response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page),
  async 'POST /challenge'(_, response) {
    const { challenge_id: id, actions } = await frs.liveChallengeCreate();
    json(response, { id, actions: actions.split(',').map(Number) });
  },
  async 'POST /login'(request, response, query) {
    const live = await frs.liveDetect({
      video_file: new Blob([await bodyOf(request)]),
      challenge_id: query.get('challenge') ?? '',
      action_time: query.get('times') ?? '',
      // It helps people, and whoever tries to pass as one: leave it out where attempts aren't limited.
      advice: true,
    });
    const { alive, picture } = live['video-result'];
    const advice = live['warning-list'].map(({ warningMsg, advice }) => advice ?? warningMsg).join(' ');
    const loggedIn = alive && (await looksLike(query.get('user') ?? '', picture));
    // Here a real login would begin a session. Count attempts, and ask for a second factor.
    json(response, { loggedIn, advice: advice || 'Is this your name?' });
  },
};

/** 1 : 1, among the faces of this user alone. .97: one in 100,000 strangers. */
async function looksLike(user, image_base64) {
  if (!/^[\w-]{1,36}$/.test(user)) return false;
  const search = { face_set_name: 'users', filter: `user:${user}`, group_by: 'external_image_id' };
  const { faces } = await frs.faceSearch({ ...search, image_base64, threshold: 0.97, top_n: 1 });
  return faces.length === 1;
}

async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > mostBytes) throw new Error('The recording is too large.');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const json = (response, body) =>
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));

createServer(async (request, response) => {
  try {
    // Of `//` and the like there is no URL: nothing of a request is read outside of this block.
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const route = routes[`${request.method} ${pathname}`];
    if (route) await route(request, response, searchParams);
    else response.writeHead(404).end();
  } catch (error) {
    console.error(error);
    if (response.headersSent) return response.destroy();
    response.statusCode = error.code === 'ERR_INVALID_URL' ? 400 : 502;
    json(response, { loggedIn: false, advice: 'Try again in a moment.' });
  }
}).listen(Number(PORT), '127.0.0.1', function () {
  console.log(`http://localhost:${this.address().port}/`);
});
