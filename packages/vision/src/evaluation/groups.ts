import { wilson } from './intervals.ts';
import { type FaceVector, score } from './templates.ts';

/** False acceptances between people of one group. */
export interface GroupResult {
  readonly group: string;
  readonly people: number;
  readonly pairs: number;
  readonly far: number;
  readonly far_95: readonly [low: number, high: number];
}

/** A photo of a person, with the groups that the person belongs to. */
export interface GroupedFace {
  readonly person: string;
  readonly groups: readonly string[];
  readonly vector: FaceVector;
}

/** Of all pairs of photos of two people of one group, the share above the cosine; groups by name. */
export function measureGroups(faces: readonly GroupedFace[], cosine: number): GroupResult[] {
  const groups = new Map<string, GroupedFace[]>();
  for (const face of faces) {
    for (const group of face.groups) groups.set(group, [...(groups.get(group) ?? []), face]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, members]) => {
      const { pairs, above } = strangersAbove(members, cosine);
      const { share, low, high } = wilson(above, pairs);
      const people = new Set(members.map(({ person }) => person)).size;
      return { group, people, pairs, far: share, far_95: [low, high] };
    });
}

/** Pairs of two people, and how many of them lie above the cosine. */
export function strangersAbove(
  faces: readonly Pick<GroupedFace, 'person' | 'vector'>[],
  cosine: number,
): { readonly pairs: number; readonly above: number } {
  let pairs = 0;
  let above = 0;
  for (const [i, first] of faces.entries()) {
    for (const second of faces.slice(i + 1)) {
      if (first.person === second.person) continue;
      pairs += 1;
      if (score(first.vector.enrolled, second.vector) > cosine) above += 1;
    }
  }
  return { pairs, above };
}

/**
 * Groups by person from a CSV file with the columns person, sex, group (`../shared/data/identities/lfw_dev_groups.csv`):
 * the group, and the group with the sex. Whoever has no group is in none.
 */
export function readGroups(csv: string): Map<string, readonly string[]> {
  const [head = '', ...lines] = csv.trim().split(/\r?\n/);
  const columns = head.split(',');
  const at = (name: string) => columns.indexOf(name);
  const places = { person: at('person'), sex: at('sex'), group: at('group') };
  if (Object.values(places).some((place) => place < 0)) {
    throw new Error('The groups need the columns person, sex and group.');
  }
  const groups = new Map<string, readonly string[]>();
  for (const line of lines) {
    const cells = line.split(',');
    const [person = '', sex = '', group = ''] = [
      cells[places.person],
      cells[places.sex],
      cells[places.group],
    ];
    const own = group === '' ? [] : sex === '' ? [group] : [group, `${group} ${sex}`];
    groups.set(person, [...(groups.get(person) ?? []), ...own]);
  }
  return groups;
}
