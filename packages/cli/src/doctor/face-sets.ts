import { explain } from '../failure.ts';
import type { Stores } from '../stores.ts';
import type { Finding } from './finding.ts';

/** The checks of stores (`checkStores`) without which no face set can be looked at. */
const needed: readonly string[] = ['accounts table', 'data table', 'index bucket'];

/**
 * Every face set: its count against its records, and the checksums of its segments.
 * @param found what the checks of the stores found: where one that face sets need is wrong, the answer says that none was looked at
 */
export async function checkFaceSets(
  stores: Stores,
  found: readonly Finding[],
  options: { readonly repair: boolean },
): Promise<Finding[]> {
  const missing = found.filter(({ check, result }) => result === 'wrong' && needed.includes(check));
  if (missing.length > 0) {
    const detail = `none was checked: first mend the ${missing.map(({ check }) => check).join(', ')}`;
    return [{ check: 'face sets', result: 'wrong', detail }];
  }
  const accounts = stores.accounts();
  const projects = (
    await Promise.all((await accounts.domains()).map(({ id }) => accounts.projects(id)))
  ).flat();
  const sets: Finding[] = [];
  for (const project of projects) {
    for (const { name } of await stores.faceSets().list(project.id)) {
      sets.push(await checkFaceSet(stores, { ...project, set: name }, options));
    }
  }
  return sets;
}

/** So many damaged faces are named. */
const mostNamed = 10;

async function checkFaceSet(
  stores: Stores,
  at: { readonly id: string; readonly name: string; readonly set: string },
  options: { readonly repair: boolean },
): Promise<Finding> {
  const check = `face set ${at.name}/${at.set}`;
  try {
    const { faces, counted, lostSegments, newerSegments, damaged, repaired } = await stores
      .maintenance()
      .verifySet(at.id, at.set, options);
    const wrong = [
      ...(counted === faces ? [] : [`it counted ${counted}`]),
      ...(lostSegments.length === 0 ? [] : [`${lostSegments.length} segments were lost`]),
    ];
    if (damaged.length > 0) {
      const named = damaged.slice(0, mostNamed).join(', ');
      const more = damaged.length > mostNamed ? ` and ${damaged.length - mostNamed} more` : '';
      const detail = `the records of ${damaged.length} faces are damaged (${named}${more}): delete and add them again, or restore a backup`;
      return { check, result: 'wrong', detail };
    }
    const newer =
      newerSegments.length === 0
        ? ''
        : ` (${newerSegments.length} segments written by a newer openfrs: not verified by this version)`;
    if (wrong.length === 0) return { check, result: 'ok', detail: `${faces} faces${newer}` };
    const detail = `${faces} faces${newer}, but ${wrong.join(' and ')}`;
    return repaired
      ? { check, result: 'repaired', detail }
      : { check, result: 'wrong', detail: `${detail}: openfrs doctor --repair` };
  } catch (error) {
    return { check, result: 'wrong', detail: explain(error, stores) };
  }
}
