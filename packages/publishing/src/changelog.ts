/** How much a change changes, the most first; as semantic versioning has it. */
export const levels = ['major', 'minor', 'patch'] as const;
export type Level = (typeof levels)[number];

/** A sentence for those who install, and how much it changes. */
export interface Change {
  readonly level: Level;
  readonly text: string;
}

const headings: Readonly<Record<Level, string>> = {
  major: 'Breaking changes',
  minor: 'New',
  patch: 'Mended',
};

/** The changelog with a release before those that it has. */
export function withRelease(changelog: string, version: string, changes: readonly Change[]): string {
  const sections = levels.flatMap((level) => {
    const items = changes.filter((change) => change.level === level).map(({ text }) => `- ${text}`);
    return items.length === 0 ? [] : [`### ${headings[level]}\n\n${items.join('\n')}`];
  });
  const release = [`## ${version}`, ...sections].join('\n\n');
  const first = changelog.search(/^## /m);
  const [head, rest] = first < 0 ? [changelog, ''] : [changelog.slice(0, first), changelog.slice(first)];
  return `${[head.trim(), release, rest.trim()].filter((part) => part !== '').join('\n\n')}\n`;
}

/** What the changelog says of a version: the notes of its release. @throws Error it says nothing */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const found = sections.find((section) => section.split('\n', 1)[0]?.trim() === version);
  if (found === undefined) throw new Error(`CHANGELOG.md has nothing of ${version}.`);
  return found.slice(found.indexOf('\n')).trim();
}
