import { operations, type Service } from '@openfrs/contract';
import type { AccountsAdmin, Domain, Project, Quotas } from '../ports/accounts.ts';
import { AccountConflict } from './account-conflict.ts';
import { newId } from './identifiers.ts';
import { checkedName } from './manage-users.ts';

/** The contract's limits; an operator may raise them. */
export const defaultQuotas: Quotas = { faceSets: 10, faceSetCapacity: 100_000, requestsPerMinute: 0 };

/** A whole multiple of a step, from 0. */
export interface QuotaLimit {
  readonly most: number;
  readonly step: number;
}

/** How far an operator may raise each quota. */
export const quotaLimits: Readonly<Record<keyof Quotas, QuotaLimit>> = {
  faceSets: { most: 10_000, step: 1 },
  faceSetCapacity: { most: 1_000_000, step: 10_000 },
  requestsPerMinute: { most: Number.MAX_SAFE_INTEGER, step: 1 },
};

/** Every subscribable service, in the order of the operations. */
export const services: readonly Service[] = [
  ...new Set(operations.flatMap((row) => ('service' in row ? [row.service] : []))),
];

export interface ProjectSpec {
  /** For clients that look it up: the name of a region. */
  readonly name: string;
  readonly buckets?: readonly string[];
  readonly quotas?: Partial<Quotas>;
  /** All, if left out. */
  readonly services?: readonly Service[];
}

/** A project of the domain. @throws AccountConflict taken, RangeError a quota or bucket name that can't be */
export async function createProject(
  domain: Pick<Domain, 'id'>,
  spec: ProjectSpec,
  accounts: AccountsAdmin,
  now = new Date(),
): Promise<Project> {
  const project = {
    id: newId(),
    domainId: domain.id,
    name: checkedName('project', spec.name),
    enabled: true,
    quotas: checkedQuotas({ ...defaultQuotas, ...spec.quotas }),
    subscriptions: Object.fromEntries(
      (spec.services ?? services).map((service) => [service, now.toISOString()]),
    ),
    frozen: false,
    buckets: (spec.buckets ?? []).map(checkedBucket),
    qualityGate: 0,
  };
  await accounts.putProject(project, 'new');
  return project;
}

/** By id, or by the name that it has in its domain. @throws AccountConflict unknown */
export async function projectNamed(
  idOrName: string,
  domain: Domain | undefined,
  accounts: AccountsAdmin,
): Promise<Project> {
  const byId = await accounts.project(idOrName);
  if (byId !== undefined && (domain === undefined || byId.domainId === domain.id)) return byId;
  const owners = domain === undefined ? await accounts.domains() : [domain];
  const found = (await Promise.all(owners.map((owner) => accounts.projects(owner.id))))
    .flat()
    .filter((project) => project.name === idOrName);
  if (found.length > 1)
    throw new AccountConflict('taken', `More than one project "${idOrName}": name its domain. It`);
  if (found[0] === undefined) throw new AccountConflict('missing', `The project "${idOrName}"`);
  return found[0];
}

/** What of a project can be changed. */
export type ProjectChange = Partial<Omit<Project, 'id' | 'domainId'>>;

/**
 * Changes a project as it is stored, after checking what it will be.
 * @param change of what it is at that moment, which may be later than what the caller read
 * @throws AccountConflict gone meanwhile, RangeError
 */
export async function changeProject(
  { id }: Pick<Project, 'id'>,
  change: (project: Project) => ProjectChange,
  accounts: Pick<AccountsAdmin, 'changeProject'>,
): Promise<Project> {
  return await accounts.changeProject(id, (project) => checkedProject({ ...project, ...change(project) }));
}

function checkedProject(changed: Project): Project {
  checkedQuotas(changed.quotas);
  changed.buckets.map(checkedBucket);
  if (!(changed.qualityGate >= 0 && changed.qualityGate <= 1))
    throw new RangeError('A quality gate is from 0 to 1.');
  return { ...changed, name: checkedName('project', changed.name) };
}

function checkedQuotas(quotas: Quotas): Quotas {
  const isWithin = (name: keyof Quotas) => {
    const { most, step } = quotaLimits[name];
    const value = quotas[name];
    return Number.isSafeInteger(value) && value >= 0 && value <= most && value % step === 0;
  };
  const { faceSets, faceSetCapacity } = quotaLimits;
  if (!isWithin('faceSets')) throw new RangeError(`The face sets of a project are 0 to ${faceSets.most}.`);
  if (!isWithin('faceSetCapacity')) {
    const { most, step } = faceSetCapacity;
    throw new RangeError(`The capacity of a set is a multiple of ${step} up to ${most}.`);
  }
  if (!isWithin('requestsPerMinute')) {
    throw new RangeError('The requests a minute are a whole number; 0 for no limit.');
  }
  return quotas;
}

/** S3's rule for names of buckets. */
function checkedBucket(name: string): string {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
    throw new RangeError(`"${name}" is not the name of a bucket.`);
  return name;
}
