import type { Reader } from './setting.ts';
import { settings } from './settings.ts';

const groups: readonly (readonly [Reader, string])[] = [
  ['server', 'Servers: `npm start`, `openfrs serve`, the container'],
  ['service', 'Every process of the service'],
  ['client', 'Clients: the command line and examples'],
  ['deployment', 'Deploying to AWS (`sst deploy`)'],
];

/** The page of settings, in Markdown. */
export function settingsPage(): string {
  const sections = groups.map(([reader, title]) => {
    const rows = Object.entries(settings)
      .filter(([, setting]) => setting.reader === reader)
      .map(([name, setting]) => {
        const file = 'file' in setting && setting.file ? ` (or \`${name}_FILE\`)` : '';
        return [`\`${name}\`${file}`, setting.meaning, setting.preset];
      });
    return [`## ${title}`, '', ...table([['variable', 'meaning', 'preset'], ...rows])].join('\n');
  });
  return `# Settings

Environment variables; an empty one counts as not set. Servers don't start with a value that can't be, nor with a variable that begins
with \`FRS_\` and is none of these: they say which, in one sentence. With \`_FILE\` at the end of its name, a secret is read from
the file of that path (a secret of Docker, a credential of systemd).

This page is made of \`packages/core/src/settings/settings.ts\`: \`npx vitest run test/docs/settings.test.ts -u\`.

${sections.join('\n\n')}
`;
}

/** Its columns aligned, as the formatter leaves them. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head, ...body] = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  return [head ?? [], rule, ...body].map((cells) => `| ${cells.join(' | ')} |`);
}
