import { readFile } from 'node:fs/promises';

/*
 * npm run check:licences: every package that is installed in production has a licence of this list. Reads
 * package-lock.json and node_modules; no network.
 */

/** Licences that ask for no more than to be named. */
const allowed: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-3.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
]);

/** What is known to be otherwise, and why it may be. */
const exceptions: Readonly<Record<string, string>> = {
  '@ffmpeg/core':
    'GPL-2.0-or-later: a program of its own in WebAssembly, run as it is; FFMPEG_PATH takes its place',
  '@img/sharp': 'libvips, LGPL-3.0-or-later: a shared library, loaded as it is and replaceable',
};

interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
  readonly license?: string;
}

const root = new URL('../../', import.meta.url);
const lock = JSON.parse(await readFile(new URL('package-lock.json', root), 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

/** Of the package as installed; of the lock file where it is for another platform and so isn't. */
async function licenceOf(path: string, locked: Locked): Promise<string | undefined> {
  try {
    const { license, licenses } = JSON.parse(
      await readFile(new URL(`${path}/package.json`, root), 'utf8'),
    ) as {
      license?: string | { type: string };
      licenses?: { type: string }[];
    };
    return typeof license === 'string'
      ? license
      : (license?.type ?? licenses?.map(({ type }) => type).join(' OR '));
  } catch {
    return locked.license;
  }
}

/** Is an SPDX expression of the list? Of `A OR B` one must be, of `A AND B` both. */
function isAllowed(expression: string): boolean {
  const plain = expression.replaceAll(/[()]/g, '');
  return plain.split(' OR ').some((one) => one.split(' AND ').every((each) => allowed.has(each.trim())));
}

const wrong: string[] = [];
const excepted: string[] = [];
let [looked, elsewhere] = [0, 0];
for (const [path, locked] of Object.entries(lock.packages)) {
  const name = path.split('node_modules/').at(-1) ?? '';
  if (!path.includes('node_modules/') || locked.dev || locked.link) continue;
  looked += 1;
  const licence = await licenceOf(path, locked);
  if (licence !== undefined && isAllowed(licence)) continue;
  // For another platform, and the lock file doesn't say: checked where it is installed.
  if (licence === undefined && locked.optional === true) {
    elsewhere += 1;
    continue;
  }
  const exception = Object.keys(exceptions).find((each) => name === each || name.startsWith(`${each}-`));
  if (exception === undefined) wrong.push(`${name}: ${licence ?? 'no licence'}`);
  else excepted.push(`${name}: ${exceptions[exception]}`);
}
if (looked === 0) wrong.push('package-lock.json names no package.');
console.log(
  `${looked} packages in production, ${excepted.length} of them with a known exception; ${elsewhere} for other platforms, not looked at:`,
);
for (const line of excepted) console.log(`  ${line}`);
if (wrong.length > 0) {
  console.error('Not in the list of licences:');
  for (const line of wrong) console.error(`  ${line}`);
  process.exitCode = 1;
}
