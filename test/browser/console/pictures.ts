import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { inspect } from '../browser.ts';
import { phonePhoto } from '../people-folder.ts';
import { type ConsoleTab, sample } from './tab.ts';

/** One photo or many: faces, their figures, and two photos beside each other. */
export function pictureTests(opened: () => ConsoleTab): void {
  test('draws the faces of many photos, of a phone too, on one screen with their figures', async () => {
    const { page, visit, choose, faces } = opened();
    await visit('Detect');
    await inspect(page, 'detect-empty');
    await choose('Choose photos', { name: 'phone.jpg', buffer: await phonePhoto(1) }, sample(2));
    // Not `Faces: 0` while nobody knows.
    expect(await page.getByText('Faces: 0').count()).toBe(0);
    await page.getByText('3024 × 4032 to 2160 × 2880').waitFor();
    await faces().nth(1).waitFor();
    await page.getByText('2 of 2 photos').waitFor();
    await page.getByText('yaw angle').waitFor();
    const { bottom, right } = await extentOf(page.locator('.layers > img'));
    expect(bottom).toBeLessThanOrEqual(900);
    expect(right).toBeLessThanOrEqual(1200);
    await inspect(page, 'detect');
  });

  test('the keyboard goes from face to face', async () => {
    const { page, faces } = opened();
    await faces().first().focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: 'Face 2' }).waitFor();
    expect(
      await faces()
        .nth(1)
        .evaluate((face) => face === document.activeElement),
    ).toBe(true);
    await page.keyboard.press('Home');
    await page.getByRole('heading', { name: 'Face 1' }).waitFor();
  });

  test('zooms to the chosen face by buttons and keys, and moves the picture by dragging', async () => {
    const { page, button, faces } = opened();
    const picture = page.locator('.layers > img');
    const { width: whole = 0 } = (await picture.boundingBox()) ?? {};
    await button('Zoom in').click();
    await faces().first().focus();
    await page.keyboard.press('+');
    const frame = page.getByRole('region', { name: 'The picture, 2.3 times' });
    await frame.waitFor();
    expect((await picture.boundingBox())?.width).toBeCloseTo(2.25 * whole, -1);
    // The face is in the frame, as near to its middle as the picture's edge allows.
    const [face, around] = [await faces().first().boundingBox(), await frame.boundingBox()];
    if (!face || !around) throw new Error('Nothing is shown.');
    const [x, y] = [face.x + face.width / 2, face.y + face.height / 2];
    expect(x > around.x && x < around.x + around.width && y > around.y && y < around.y + around.height).toBe(
      true,
    );
    // Letters and lines stay as large as they were.
    const textHeight = async () => (await page.locator('.tag text').first().boundingBox())?.height ?? 0;
    await expect.poll(textHeight).toBeLessThan(30);
    const scrolled = () => frame.evaluate((element) => element.scrollLeft);
    const before = await scrolled();
    const way = before > 100 ? 80 : -80;
    const [middleX, middleY] = [around.x + around.width / 2, around.y + around.height / 2];
    await page.mouse.move(middleX, middleY);
    await page.mouse.down();
    await page.mouse.move(middleX + way, middleY, { steps: 4 });
    await page.mouse.up();
    await expect.poll(scrolled).not.toBe(before);
    await inspect(page, 'detect-zoomed');
    await faces().first().focus();
    await page.keyboard.press('0');
    await expect.poll(async () => (await picture.boundingBox())?.width).toBeCloseTo(whole, 0);
  });

  test('no line and no name lies over a face', async () => {
    const { page } = opened();
    const boxes = (selector: string) =>
      page.locator(selector).evaluateAll((all) =>
        all.map((one) => {
          const { x, y, width, height } = (one as SVGGraphicsElement).getBBox();
          return { x, y, width, height };
        }),
      );
    const [drawn, tags] = [await boxes('rect.face'), await boxes('.tag')];
    expect(drawn.length).toBeGreaterThan(1);
    expect(tags.length).toBeGreaterThan(0);
    for (const tag of tags)
      for (const face of drawn) {
        const isApart =
          tag.x >= face.x + face.width ||
          face.x >= tag.x + tag.width ||
          tag.y >= face.y + face.height ||
          face.y >= tag.y + tag.height;
        expect(isApart).toBe(true);
      }
  });

  test('shows the same call as code', async () => {
    const { page, button } = opened();
    await page.getByText('The same as code').click();
    await button('Python').click();
    await page.getByText('DetectFaceByFileRequest()').waitFor();
    await button('Copy').click();
    await page.getByText('Copied', { exact: true }).waitFor();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toContain('detect_face_by_file');
  });

  test('takes a photo with the camera', async () => {
    const { page, button } = opened();
    await button('Camera').click();
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    await inspect(page, 'camera');
    await button('Take the photo').click();
    // Chromium's own test picture has no face.
    await page
      .getByText(/There is no face on this photo|Faces: [1-9]/)
      .first()
      .waitFor();
  });

  test('compares two photos against the thresholds of the model', async () => {
    const { page, visit, choose } = opened();
    await visit('Compare');
    await choose('Photo 1', sample(1));
    await choose('Photo 2', sample(3));
    await page.locator('.verdict.good').getByText('the same person').waitFor();
    for (const far of ['1e-2', '1e-3', '1e-4', '1e-5']) await page.getByText(`(FAR ${far})`).waitFor();
    const { bottom } = await extentOf(page.locator('.scale'));
    expect(bottom).toBeLessThanOrEqual(900);
    await inspect(page, 'compare');
  });
}

async function extentOf(element: Locator): Promise<{ bottom: number; right: number }> {
  return element.evaluate((one) => {
    scrollTo(0, 0);
    const { bottom, right } = one.getBoundingClientRect();
    return { bottom, right };
  });
}
