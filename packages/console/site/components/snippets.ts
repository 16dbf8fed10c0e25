import type { ApiRequest } from '../api/api.ts';

/** The request in the words of curl, the official Python client and TypeScript. Secrets stay variables. */
export function snippets(request: ApiRequest, project: string): Record<string, string> {
  const address = `${location.origin}/${request.version ?? 'v2'}/${project}/${request.path}`;
  return {
    curl: curl(request, address),
    Python: python(request, project),
    TypeScript: typescript(request, address),
  };
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function curl({ method, form, json }: ApiRequest, address: string): string {
  const parts = [`curl -X ${method} ${quote(address)}`, '-H "X-Auth-Token: $TOKEN"'];
  for (const [name, value] of Object.entries(form ?? {})) {
    parts.push(`-F ${quote(value instanceof File ? `${name}=@${value.name}` : `${name}=${value}`)}`);
  }
  if (json !== undefined)
    parts.push("-H 'Content-Type: application/json'", `-d ${quote(JSON.stringify(json))}`);
  return parts.join(' \\\n  ');
}

/** huaweicloudsdkfrs: one class a request, one method an operation. */
const pythonCalls: readonly [RegExp, string, string, boolean][] = [
  [/^face-detect$/, 'DetectFaceByFile', 'detect_face_by_file', false],
  [/^face-compare$/, 'CompareFaceByFile', 'compare_face_by_file', false],
  [/^live-detect$/, 'DetectLiveByFile', 'detect_live_by_file', false],
  [/^live-detect-face$/, 'DetectLiveFaceByFile', 'detect_live_face_by_file', false],
  [/\/search$/, 'SearchFaceByFile', 'search_face_by_file', true],
  [/\/faces$/, 'AddFacesByFile', 'add_faces_by_file', true],
];

function python({ path, form, json, method }: ApiRequest, project: string): string {
  const head = [
    'from huaweicloudsdkcore.auth.credentials import BasicCredentials',
    'from huaweicloudsdkcore.http.formdata import FormFile',
    'from huaweicloudsdkfrs.v2 import *',
    '',
    `credentials = BasicCredentials(AK, SK, "${project}")`,
    `client = FrsClient.new_builder().with_credentials(credentials).with_endpoint("${location.origin}").build()`,
  ];
  const call = form && pythonCalls.find(([pattern]) => pattern.test(path));
  if (!call) {
    const body = json === undefined ? '' : `, json=${inPython(json)}`;
    return [
      'import requests',
      '',
      `answer = requests.request("${method}", "${location.origin}/v2/${project}/${path}", headers={"X-Auth-Token": TOKEN}${body})`,
      'print(answer.json())',
    ].join('\n');
  }
  const [, name, verb, ofSet] = call;
  const set = ofSet
    ? `request.face_set_name = ${JSON.stringify(decodeURIComponent(path.split('/')[1] ?? ''))}`
    : undefined;
  const files = Object.entries(form).map(
    ([field, value]) =>
      `${field}=${value instanceof File ? `FormFile(${JSON.stringify(value.name)})` : JSON.stringify(value)}`,
  );
  return [
    ...head,
    `request = ${name}Request()`,
    ...(set === undefined ? [] : [set]),
    `request.body = ${name}RequestBody(${files.join(', ')})`,
    `print(client.${verb}(request))`,
  ].join('\n');
}

/** A JSON value as Python writes it. */
function inPython(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(inPython).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
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
      ]
    : json === undefined
      ? []
      : [`const body = JSON.stringify(${JSON.stringify(json, undefined, 2)});`];
  return [
    ...(form ? ["import { openAsBlob } from 'node:fs';", ''] : []),
    ...lines,
    `const answer = await fetch('${address}', {`,
    `  method: '${method}',`,
    `  headers: { 'X-Auth-Token': token${json === undefined ? '' : ", 'Content-Type': 'application/json'"} },`,
    ...(lines.length > 0 ? ['  body,'] : []),
    '});',
    'console.log(await answer.json());',
  ].join('\n');
}
