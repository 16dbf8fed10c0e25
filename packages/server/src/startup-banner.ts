import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { LocalServer } from './start.ts';

/** A photo that comes with npm's development dependencies. */
const photo = 'node_modules/@vladmandic/face-api/demo/sample1.jpg';

/** What `npm start` prints when it serves: where it is, and one command to paste. */
export function startupBanner(server: LocalServer, folder = process.cwd()): string {
  return [
    '',
    `openfrs serves at   ${server.endpoint}`,
    ...(server.console ? [`the console is at   ${server.console}`] : []),
    `photos (S3) go to   ${server.s3Endpoint}/${server.credentials.FRS_BUCKET}`,
    `credentials are in  ${shown(server.credentialsFile, folder)}`,
    '',
    'Try it, in another terminal in this folder:',
    '',
    firstCommand(server, folder),
    '',
    'Ctrl-C stops it; what is stored is kept.',
    '',
  ].join('\n');
}

/** What `npm start` says where the environment names engines: not its own, as a shell that read `credentials.env` has them. */
export function enginesNotice(
  environment: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string>>,
): string | undefined {
  const names = ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL_S3', 'FRS_TABLE_ACCOUNTS', 'FRS_HOST'];
  const others = names.filter((name) => environment[name] && environment[name] !== own[name]);
  if (others.length === 0) return undefined;
  const verb = others.length === 1 ? 'is' : 'are';
  return `${others.join(', ')} ${verb} set and not used: npm start is a demo on 127.0.0.1 with stores of its own. \`npx openfrs serve\` uses them.\n`;
}

/**
 * One command that fetches a token and detects the faces of a photo. It takes every secret from the credentials' file,
 * so none is printed or lands in the shell's history.
 */
function firstCommand(server: Pick<LocalServer, 'credentialsFile'>, folder: string): string {
  const file = existsSync(join(folder, photo)) ? photo : 'photo.jpg';
  return [
    `. ${quoted(shown(server.credentialsFile, folder))} && curl -sS "$FRS_ENDPOINT/v2/$FRS_PROJECT_ID/face-detect" \\`,
    `  -F image_file=@${file} -H "X-Auth-Token: $(curl -sS -o /dev/null -D - "$FRS_ENDPOINT/v3/auth/tokens" \\`,
    `  -H 'Content-Type: application/json' -d '{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"'$FRS_USER'",` +
      `"password":"'$FRS_PASSWORD'","domain":{"name":"'$FRS_DOMAIN'"}}}},"scope":{"project":{"name":"'$FRS_REGION'"}}}}' \\`,
    `  | tr -d '\\r' | sed -n 's/^[Xx]-[Ss]ubject-[Tt]oken: //p')"`,
  ].join('\n');
}

/** Relative where that is shorter; `.` needs a slash in it, or the shell would look for the file in PATH. */
function shown(file: string, folder: string): string {
  const near = relative(folder, file);
  if (near.startsWith('..')) return file;
  return near.includes('/') ? near : `./${near}`;
}

const quoted = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
