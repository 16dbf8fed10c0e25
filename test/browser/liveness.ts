import type { Page } from 'playwright-core';
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

    test('records the webcam while it asks for actions, and shows the verdict', async () => {
      await inspect(page, 'liveness-record');
      await page.getByLabel('Actions').selectOption('1');
      const sent = page.waitForRequest((request) => request.url().endsWith('/live-detect'));
      await page.getByRole('button', { name: 'Record' }).click();
      await page.getByText(/^(Turn your head|Nod|Open your mouth)/).waitFor();
      await inspect(page, 'liveness-prompt');
      const request = await sent;
      const answer = await request.response();
      expect(await answer?.text()).toContain('video-result');
      const { 'content-length': bytes } = await request.allHeaders();
      expect(Number(bytes)).toBeGreaterThan(10_000);
      expect(Number(bytes)).toBeLessThan(2_000_000);
      const code = (await codeOf(page)) ?? '';
      expect(code).toMatch(/-F 'video_file=@liveness\.webm'/);
      expect(code).toMatch(/-F 'actions=[1-4]'/);
      expect(code).toMatch(/-F 'action_time=1500-4500'/);
      await page.getByRole('region', { name: 'Verdict' }).waitFor();
      await page.getByRole('img', { name: 'Yaw, pitch and mouth' }).waitFor();
      await inspect(page, 'liveness-recorded');
    });

    test("asks for the actions of the service's challenge, and sends its id in place of them", async () => {
      await page.getByLabel('Actions').selectOption('service');
      const drawn = page.waitForResponse((response) => response.url().endsWith('/live-detect/challenges'));
      const sent = page.waitForRequest((request) => request.url().endsWith('/live-detect'));
      await page.getByRole('button', { name: 'Record' }).click();
      const { challenge_id } = (await (await drawn).json()) as { challenge_id: string };
      expect(await (await (await sent).response())?.text()).toContain('video-result');
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
      await page.getByRole('img', { name: 'The best frame of the video' }).waitFor();
      const chart = page.getByRole('img', { name: 'Yaw, pitch and mouth' });
      await chart.locator('canvas').waitFor();
      await inspect(page, 'liveness-file');
    });

    test('asked no other host for anything and had no error', () => {
      expect(tab.complaints).toEqual([]);
    });
  });
}

/** The request as curl, which is folded away. */
const codeOf = (page: Page) => page.locator('.request-log pre').first().textContent();
