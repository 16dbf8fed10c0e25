import { type BackupHead, readBackup } from './format.ts';

/** What a backup holds. */
export interface BackupContents extends BackupHead {
  readonly domains: number;
  readonly users: number;
  readonly projects: number;
  readonly accessKeys: number;
  readonly apiTokens: number;
  readonly faceSets: number;
  readonly faces: number;
  /** Ids of sets that were deleted while they were read: they are left out. */
  readonly deleted: ReadonlySet<string>;
}

/**
 * Reads a backup through and checks all of it, without any store.
 * @param lines without their line ends
 * @throws BackupDamaged
 */
export async function verifyBackup(lines: AsyncIterable<string>): Promise<BackupContents> {
  const count = { domain: 0, user: 0, project: 0, access_key: 0, api_token: 0 };
  const deleted = new Set<string>();
  let head: BackupHead | undefined;
  let [faceSets, faces, setId] = [0, 0, ''];
  for await (const entry of readBackup(lines)) {
    if (entry.kind === 'head') head = entry.head;
    else if (entry.kind === 'face_set') setId = entry.set.id;
    else if (entry.kind === 'end_of_face_set') {
      if (entry.deleted) deleted.add(setId);
      else {
        faceSets += 1;
        faces += entry.faces;
      }
    } else if (entry.kind !== 'face' && entry.kind !== 'log') count[entry.kind] += 1;
  }
  const {
    domain: domains,
    user: users,
    project: projects,
    access_key: accessKeys,
    api_token: apiTokens,
  } = count;
  // `readBackup` takes no backup without a head.
  return {
    ...(head as BackupHead),
    domains,
    users,
    projects,
    accessKeys,
    apiTokens,
    faceSets,
    faces,
    deleted,
  };
}
