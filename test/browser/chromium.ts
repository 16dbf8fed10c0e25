import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian and its relatives put it. */
const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
export const hasBrowser = executable !== undefined;
if (!hasBrowser)
  console.log(
    "The console's browser tests are skipped: there is no Chromium (Debian: apt-get install chromium).",
  );

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
];

/** @param video the webcam's picture (MJPEG or Y4M); Chromium's own test picture if absent */
export const launchOptions = (video?: string) => ({
  ...(executable !== undefined && { executablePath: executable }),
  headless: true,
  args: [...flags, ...(video === undefined ? [] : [`--use-file-for-fake-video-capture=${video}`])],
});

export const openBrowser = (video?: string): Promise<Browser> => chromium.launch(launchOptions(video));
