import type { Service } from '@openfrs/contract';

export interface Domain {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
}

export interface User {
  readonly id: string;
  readonly domainId: string;
  readonly name: string;
  readonly enabled: boolean;
  /** scrypt, PHC string format. */
  readonly passwordHash: string;
  /** Manages the accounts of all domains in the console; absent: doesn't. */
  readonly isOperator?: boolean;
}

export interface Quotas {
  /** Face sets of the project; 10 by default. */
  readonly faceSets: number;
  /** Largest capacity of one set; 100,000 by default, up to 1,000,000. */
  readonly faceSetCapacity: number;
  /** Requests a minute and operation; 0: unlimited. */
  readonly requestsPerMinute: number;
}

export interface Project {
  readonly id: string;
  readonly domainId: string;
  /** The region's name, for clients that look their project up. */
  readonly name: string;
  readonly enabled: boolean;
  readonly quotas: Quotas;
  /** Service to the time of subscription (ISO 8601); a service that isn't here is not subscribed. */
  readonly subscriptions: Readonly<Partial<Record<Service, string>>>;
  /** A frozen project answers FRS.0202. */
  readonly frozen: boolean;
  /** Buckets that `image_url` and `video_url` may read. */
  readonly buckets: readonly string[];
  /** Refuse faces below this total quality (0..1) on add and search; 0: off. */
  readonly qualityGate: number;
  /** live-detect takes the id of a challenge only, no actions that the caller chose; absent: off. */
  readonly requiresChallenge?: boolean;
}

export interface AccessKey {
  /** The AK. */
  readonly id: string;
  readonly userId: string;
  readonly domainId: string;
  readonly enabled: boolean;
  /** The SK, sealed (AES-256-GCM) with the service's key; never logged. */
  readonly sealedSecret: string;
}

/** A credential that lasts for months, for one project, with less than its user may do. */
export interface ApiToken {
  /** Public: part of the token, in lists and in the audit log. */
  readonly id: string;
  /** What its owner calls it. */
  readonly name: string;
  readonly userId: string;
  readonly domainId: string;
  readonly projectId: string;
  /** Hexadecimal SHA-256 of its secret, which has 238 bits. */
  readonly secretHash: string;
  /** Both ISO 8601. */
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Opens no operation that writes. */
  readonly readOnly: boolean;
  /** Of face sets, it opens these only; absent: all of the project. */
  readonly faceSets?: readonly string[];
}

/** Who owns what: the records behind authentication. Reads may be `accountsAgeMs` old where a cache is used. */
export interface Accounts {
  domainByName(name: string): Promise<Domain | undefined>;
  domain(id: string): Promise<Domain | undefined>;
  userByName(domainId: string, name: string): Promise<User | undefined>;
  user(id: string): Promise<User | undefined>;
  project(id: string): Promise<Project | undefined>;
  projects(domainId: string): Promise<Project[]>;
  accessKey(id: string): Promise<AccessKey | undefined>;
  apiToken(id: string): Promise<ApiToken | undefined>;
}

/**
 * The operator's side: what the CLI, the console and the first start write. Each throws `AccountConflict` when taken or missing.
 * `put` writes all of an entity, whatever it has become; what was read before is changed with `change`, which takes back nobody's change.
 */
export interface AccountsAdmin extends Accounts {
  putDomain(domain: Domain, expect: 'new' | 'existing'): Promise<void>;
  putUser(user: User, expect: 'new' | 'existing'): Promise<void>;
  putProject(project: Project, expect: 'new' | 'existing'): Promise<void>;
  putAccessKey(key: AccessKey, expect: 'new' | 'existing'): Promise<void>;
  putApiToken(token: ApiToken, expect: 'new' | 'existing'): Promise<void>;
  /** Calls `changed` with what is stored, again where somebody else changed it meanwhile; resolves to what was written. */
  changeDomain(id: string, changed: (domain: Domain) => Domain): Promise<Domain>;
  changeUser(id: string, changed: (user: User) => User): Promise<User>;
  changeProject(id: string, changed: (project: Project) => Project): Promise<Project>;
  changeAccessKey(id: string, changed: (key: AccessKey) => AccessKey): Promise<AccessKey>;
  removeUser(id: string): Promise<void>;
  removeProject(id: string): Promise<void>;
  removeAccessKey(id: string): Promise<void>;
  removeApiToken(id: string): Promise<void>;
  domains(): Promise<Domain[]>;
  users(domainId: string): Promise<User[]>;
  accessKeys(userId: string): Promise<AccessKey[]>;
  apiTokens(userId: string): Promise<ApiToken[]>;
}
