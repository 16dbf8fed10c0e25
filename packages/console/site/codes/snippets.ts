import { writeJson } from '../api/api.ts';
import type { ApiRequest } from '../api/request.ts';
import { commandLine } from './command-line.ts';
import { quote } from './quote.ts';

/**
 * The request in the words of curl, Python, TypeScript and the command line. Each runs as it is where the environment has the
 * token (`TOKEN`) or the access key (`FRS_AK`, `FRS_SK`); secrets are not among the words.
 * @param command of `openfrs`, where it is another than the request's own
 */
export function snippets(request: ApiRequest, project: string, command?: string): Record<string, string> {
  const address = `${location.origin}/${request.version ?? 'v2'}/${project}/${request.path}`;
  const inShell = command ?? commandLine(request);
  return {
    curl: curl(request, address),
    Python: python(request, project, address),
    TypeScript: typescript(request, address),
    ...(inShell !== undefined && { openfrs: inShell }),
  };
}

function curl({ method, form, json }: ApiRequest, address: string): string {
  const parts = [`curl -X ${method} ${quote(address)}`, '-H "X-Auth-Token: $TOKEN"'];
  for (const [name, value] of Object.entries(form ?? {})) {
    parts.push(
      `-F ${quote(value instanceof File ? `${name}=@${fileInForm(value.name)}` : `${name}=${value}`)}`,
    );
  }
  if (json !== undefined) parts.push("-H 'Content-Type: application/json'", `-d ${quote(writeJson(json))}`);
  return parts.join(' \\\n  ');
}

/** `;` and `,` would end the name for curl: in quotes of its own it takes them. */
const fileInForm = (name: string): string =>
  /[;,"\\]/.test(name) ? `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : name;

/** huaweicloudsdkfrs: one class a request, one method an operation; and the fields that it knows. */
const pythonCalls: readonly [RegExp, string, string, readonly string[]][] = [
  [/^face-detect$/, 'DetectFaceByFile', 'detect_face_by_file', ['image_file', 'attributes']],
  [/^face-compare$/, 'CompareFaceByFile', 'compare_face_by_file', ['image1_file', 'image2_file']],
  [
    /^live-detect$/,
    'DetectLiveByFile',
    'detect_live_by_file',
    ['video_file', 'actions', 'action_time', 'nod_threshold'],
  ],
  [/^live-detect-face$/, 'DetectLiveFaceByFile', 'detect_live_face_by_file', ['image_file']],
  [
    /\/search$/,
    'SearchFaceByFile',
    'search_face_by_file',
    ['image_file', 'top_n', 'threshold', 'sort', 'filter', 'return_fields'],
  ],
  [
    /\/faces$/,
    'AddFacesByFile',
    'add_faces_by_file',
    ['image_file', 'external_image_id', 'external_fields', 'single'],
  ],
];

function python(request: ApiRequest, project: string, address: string): string {
  const { path, form } = request;
  const call = form && pythonCalls.find(([pattern]) => pattern.test(path));
  // What is beyond the reference, the official client has no word for.
  if (!call || !Object.keys(form).every((name) => call[3].includes(name)))
    return plainPython(request, address);
  const [, name, verb] = call;
  const set = path.startsWith('face-sets/')
    ? [`request.face_set_name = ${JSON.stringify(decodeURIComponent(path.split('/')[1] ?? ''))}`]
    : [];
  const fields = Object.entries(form).map(
    ([field, value]) =>
      `${field}=${value instanceof File ? `FormFile(${JSON.stringify(value.name)})` : JSON.stringify(value)}`,
  );
  return [
    'import os',
    'from huaweicloudsdkcore.auth.credentials import BasicCredentials',
    'from huaweicloudsdkcore.http.formdata import FormFile',
    'from huaweicloudsdkfrs.v2 import *',
    '',
    `credentials = BasicCredentials(os.environ["FRS_AK"], os.environ["FRS_SK"], "${project}")`,
    `client = FrsClient.new_builder().with_credentials(credentials).with_endpoint("${location.origin}").build()`,
    `request = ${name}Request()`,
    ...set,
    `request.body = ${name}RequestBody(${fields.join(', ')})`,
    `print(client.${verb}(request))`,
  ].join('\n');
}

function plainPython({ method, form, json }: ApiRequest, address: string): string {
  const [texts, files] = [false, true].map((wanted) =>
    Object.entries(form ?? {})
      .filter(([, value]) => value instanceof File === wanted)
      .map(([name, value]) =>
        value instanceof File
          ? `${JSON.stringify(name)}: open(${JSON.stringify(value.name)}, "rb")`
          : `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
      ),
  );
  return [
    'import os',
    'import requests',
    '',
    'answer = requests.request(',
    `    "${method}",`,
    `    ${JSON.stringify(address)},`,
    '    headers={"X-Auth-Token": os.environ["TOKEN"]},',
    ...(texts?.length ? [`    data={${texts.join(', ')}},`] : []),
    ...(files?.length ? [`    files={${files.join(', ')}},`] : []),
    ...(json === undefined ? [] : [`    json=${inPython(json)},`]),
    ')',
    'print(answer.json())',
  ].join('\n');
}

/** A JSON value as Python writes it. */
function inPython(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(inPython).join(', ')}]`;
  if (typeof value !== 'object') return writeJson(value);
  const members = Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${inPython(part)}`);
  return `{${members.join(', ')}}`;
}

function typescript({ method, form, json }: ApiRequest, address: string): string {
  const lines = form
    ? [
        'const body = new FormData();',
        ...Object.entries(form).map(([name, value]) =>
          value instanceof File
            ? `body.append('${name}', await openAsBlob(${JSON.stringify(value.name)}), ${JSON.stringify(value.name)});`
            : `body.append('${name}', ${JSON.stringify(value)});`,
        ),
        '',
      ]
    : json === undefined
      ? []
      : [`const body = ${JSON.stringify(writeJson(json))};`, ''];
  return [
    ...(form ? ["import { openAsBlob } from 'node:fs';", ''] : []),
    ...lines,
    `const answer = await fetch(${JSON.stringify(address)}, {`,
    `  method: '${method}',`,
    `  headers: { 'X-Auth-Token': process.env.TOKEN ?? ''${json === undefined ? '' : ", 'Content-Type': 'application/json'"} },`,
    ...(lines.length > 0 ? ['  body,'] : []),
    '});',
    'console.log(await answer.json());',
  ].join('\n');
}
