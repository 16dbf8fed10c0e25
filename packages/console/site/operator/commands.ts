import type { DomainReport } from '../api/operator.ts';
import { quote } from '../codes/quote.ts';

/** What the page of a domain shows and changes, as commands of `openfrs` beside the service. */
export function commandsOf({ name, users, projects, keys, tokens }: DomainReport): string[] {
  const domain = ['--domain', name];
  const user = users[0]?.name;
  const project = projects[0];
  const ak = keys[0]?.ak;
  const token = tokens[0]?.id;
  const lines = [
    ['user', 'list', ...domain],
    ['key', 'list', ...domain],
    ['token', 'list', ...domain],
    ...(user === undefined ? [] : [['key', 'create', user, ...domain]]),
    ...(ak === undefined ? [] : [['key', 'disable', ak]]),
    ...(project === undefined
      ? []
      : [['quota', 'set', project.name, ...domain, '--face-sets', String(project.quotas.faceSets)]]),
    ...(token === undefined ? [] : [['token', 'revoke', token]]),
  ];
  return lines.map((words) => ['npx openfrs', ...words.map(word)].join(' '));
}

const word = (text: string) => (/^[\w./:=,-]+$/.test(text) ? text : quote(text));
