import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { itWithData, sharedData } from '../support/shared-data.ts';
import { fileAt, inspect, openPage, type Watched } from './browser.ts';
import { type Shared, signIn } from './service.ts';

/** The page of liveness, with the webcam and with a file. */
export function livenessTests(shared: () => Shared): void {
  describe("the console's page of liveness", () => {
    let tab: Watched;
    let page: Page;
    beforeAll(async () => {
      const { service, browser } = shared();
      tab = await openPage(browser, service.endpoint);
      page = tab.page;
      page.setDefaultTimeout(90_000);
      await page.goto(service.console ?? '');
      await signIn(page, service);
      await page.getByRole('link', { name: 'Liveness' }).click();
    });
    afterAll(() => page?.context().close());

    /** Records, and where the service is too busy to judge, does as the page says: waits, and records again. */
    async function recorded(meanwhile?: () => Promise<void>): Promise<Request> {
      for (let left = 5; left > 0; left--) {
        const sent = page.waitForRequest((request) => request.url().endsWith('/live-detect'));
        await page.getByRole('button', { name: 'Record' }).click();
        await meanwhile?.();
        const request = await sent;
        const text = (await (await request.response())?.text()) ?? '';
        if (!text.includes('FRS.0033')) {
          expect(text).toContain('video-result');
          return request;
        }
        await page.getByText('Many ask at once').waitFor();
      }
      throw new Error('The service is too busy to judge a video.');
    }

    test('says what is to be changed before the camera', async () => {
      // Who is before the camera depends on the machine's data: a person, or Chromium's own test picture without a face.
      const hint =
        sharedData('videos') === undefined ? 'No face is seen' : /^(Good|Come closer|Move your face)/;
      await page.getByText(hint).waitFor();
      await inspect(page, 'liveness-record');
    });

    test('records the webcam while it asks for actions, and shows the verdict', async () => {
      await page.getByLabel('Actions').selectOption('1');
      const request = await recorded(async () => {
        await page.getByText(/^(Turn your head|Nod|Open your mouth)/).waitFor();
        expect(await page.locator('.camera .steps [aria-current=step]').count()).toBe(1);
        await inspect(page, 'liveness-prompt');
      });
      const { 'content-length': bytes } = await request.allHeaders();
      expect(Number(bytes)).toBeGreaterThan(10_000);
      expect(Number(bytes)).toBeLessThan(2_000_000);
      const code = (await codeOf(page)) ?? '';
      expect(code).toMatch(/-F 'video_file=@liveness\.webm'/);
      expect(code).toMatch(/-F 'actions=[1-4]'/);
      expect(code).toMatch(/-F 'action_time=1500-4500'/);
      await page.getByRole('region', { name: 'Verdict' }).waitFor();
      await page.getByRole('img', { name: 'Yaw, pitch and mouth' }).waitFor();
    });

    test('plays the recording beside its curves, and names every check with its value and limit', async () => {
      const player = page.getByLabel('The recording');
      const time = () => player.evaluate((video: HTMLVideoElement) => video.currentTime);
      const chart = page.getByRole('img', { name: 'Yaw, pitch and mouth' });
      const { width = 0 } = (await chart.boundingBox()) ?? {};
      await chart.locator('.u-over').click({ position: { x: width / 2, y: 60 } });
      await expect.poll(time).toBeGreaterThan(1);
      // The cursor stands where the playback is.
      const shown = async () => Number(await chart.locator('.u-legend .u-value').first().textContent());
      await expect.poll(async () => Math.abs((await shown()) - (await time()))).toBeLessThan(0.2);
      const checks = page.getByRole('region', { name: 'Checks' });
      expect(await checks.getByRole('row').count()).toBeGreaterThan(8);
      await checks.getByRole('row', { name: /^anti-spoof .*≥/ }).waitFor();
      await inspect(page, 'liveness-recorded');
    });

    test('says what to do about what was refused', async () => {
      // Nobody before this camera turns the head.
      const verdict = page.getByRole('region', { name: 'Verdict' });
      if (await verdict.getByText('Not shown to be a live person').isVisible())
        expect(await verdict.locator('.to-do li').count()).toBeGreaterThan(0);
      await page.route('**/live-detect/challenges', (route) =>
        route.fulfill({ status: 403, json: { error_code: 'FRS.0019', error_msg: 'Not subscribed.' } }),
      );
      await page.getByLabel('Actions').selectOption('service');
      await page.getByRole('button', { name: 'Record' }).click();
      await page.getByText('The operator subscribes the project').waitFor();
      await page.unrouteAll();
    });

    test("asks for the actions of the service's challenge, and sends its id in place of them", async () => {
      await page.getByLabel('Actions').selectOption('service');
      let challenge_id = '';
      page.on('response', async (response) => {
        if (response.url().endsWith('/live-detect/challenges'))
          challenge_id = ((await response.json()) as { challenge_id: string }).challenge_id;
      });
      await recorded();
      const code = (await codeOf(page)) ?? '';
      expect(code).toContain(`-F 'challenge_id=${challenge_id}'`);
      expect(code).not.toContain("-F 'actions=");
      await page.getByRole('img', { name: 'Yaw, pitch and mouth' }).waitFor();
    });

    itWithData('checks a video from a file, and draws what the face did', async () => {
      await page.getByRole('button', { name: 'File' }).click();
      const clip = sharedData('videos/derived/lp_d18_open_mouth_twice.mp4') as string;
      await page.getByLabel('Video', { exact: true }).setInputFiles(fileAt(clip, 'video/mp4'));
      await page.getByLabel('Action 1').selectOption('4');
      await page.getByRole('button', { name: 'Check' }).click();
      await page.locator('.notice').first().waitFor();
      expect(await page.locator('.notice').first().textContent()).toBe(
        'A live person who did what was asked',
      );
      expect(await page.getByText('What to do').count()).toBe(0);
      await page.getByRole('img', { name: 'The best frame of the video' }).waitFor();
      const chart = page.getByRole('img', { name: 'Yaw, pitch and mouth' });
      await chart.locator('canvas').waitFor();
      await inspect(page, 'liveness-file');
    });

    test('a login page of sixty lines asks its own server, which asks for a challenge and judges the recording', async () => {
      const example = await startExample(shared().service.credentials);
      try {
        const { page: login, complaints } = await openPage(shared().browser, new URL(example.address).origin);
        await login.goto(example.address);
        await login.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
        await login.getByLabel('Your name').fill('ann');
        // Nobody ends the server with an address, and what it can't say ends no page.
        expect((await fetch(`${new URL(example.address).origin}//`)).status).toBe(400);
        await login.route('**/challenge', (route) => route.fulfill({ status: 502, body: 'busy' }), {
          times: 1,
        });
        await login.getByRole('button', { name: 'Log in' }).click();
        await login.getByText('That did not work. Try again in a moment.').waitFor();
        const judged = login.waitForResponse(/\/login\?user=ann/, { timeout: 90_000 });
        await login.getByRole('button', { name: 'Log in' }).click();
        // Nobody before this camera does all that is asked.
        expect(await (await judged).json()).toEqual({ loggedIn: false, advice: expect.stringMatching(/\w/) });
        await login.getByText(/That was not enough|That did not work/).waitFor();
        // A service that is too busy is told by the example's server as 502.
        expect(complaints.filter((text) => !text.includes('502'))).toEqual([]);
        const source = await readFile(join(examples, 'page.html'), 'utf8');
        expect(source.trim().split('\n').length).toBeLessThanOrEqual(60);
        await login.context().close();
      } finally {
        example.stop();
      }
    });

    test('asked no other host for anything and had no error', () => {
      // Of the subscription that is missing, and of a machine that is too busy for a video.
      const refusal = /the server responded with a status of (403|400|429)/;
      expect(tab.complaints.filter((text) => !refusal.test(text))).toEqual([]);
    });
  });
}

const examples = fileURLToPath(new URL('../../packages/client/docs/examples/face-login', import.meta.url));

/** The example's server, as its reader starts it, on any free port. */
async function startExample(settings: Readonly<Record<string, string>>) {
  const server = spawn('node', ['--import', 'tsx', join(examples, 'server.mjs')], {
    env: { ...process.env, ...settings, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  return { address: line.toString().trim(), stop: () => server.kill() };
}

/** The request as curl, which is folded away. */
const codeOf = (page: Page) => page.locator('.request-log pre').first().textContent();
