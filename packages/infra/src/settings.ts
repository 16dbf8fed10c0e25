/** What a deployer may choose, from the environment of `sst deploy`. */
export interface Settings {
  readonly architecture: 'arm64' | 'x86_64';
  /** Own domain of the API; API Gateway's own name when empty. */
  readonly domain: string | undefined;
  /** Warm instances kept for the function of each operation that needs models; 0: none (and none paid). */
  readonly provisioned: number;
  /** Hosts accepted in https `image_url`s besides S3's own. */
  readonly mediaHosts: string;
  readonly alarmEmail: string | undefined;
  /** Also run the same routes in a container (`sst.aws.Service`), where the whole 8 MB pass inline: its domain and ACM certificate. */
  readonly container: { readonly domain: string; readonly certificate: string } | undefined;
  /** Also the web console and `/docs`, on CloudFront: under its own domain, or CloudFront's name when `domain` is empty. */
  readonly console: { readonly domain: string | undefined } | undefined;
  /** More buckets that the functions may read media from, for projects that are authorised for them. */
  readonly mediaBuckets: readonly string[];
  /** Deleting an uploaded photo removes the faces of its `external_image_id`. */
  readonly removeWithObject: boolean;
  /** X-Ray tracing of every function. */
  readonly tracing: boolean;
}

/** Reads the settings of a deployment. @throws Error one that makes no sense: its message begins with the variable's name */
export function settings(environment: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const architecture = environment.FRS_ARCHITECTURE ?? 'arm64';
  if (architecture !== 'arm64' && architecture !== 'x86_64') {
    throw new Error(`FRS_ARCHITECTURE is arm64 or x86_64, not ${architecture}`);
  }
  const provisioned = Number(environment.FRS_PROVISIONED ?? '0');
  if (!Number.isInteger(provisioned) || provisioned < 0) {
    throw new Error('FRS_PROVISIONED is a whole number of instances');
  }
  return {
    architecture,
    domain: environment.FRS_DOMAIN_NAME || undefined,
    provisioned,
    mediaHosts: environment.FRS_MEDIA_HOSTS ?? '',
    alarmEmail: environment.FRS_ALARM_EMAIL || undefined,
    container: container(environment.FRS_CONTAINER_DOMAIN, environment.FRS_CONTAINER_CERTIFICATE),
    console: site(environment.FRS_CONSOLE ?? ''),
    mediaBuckets: (environment.FRS_MEDIA_BUCKETS ?? '').split(',').filter((name) => name !== ''),
    removeWithObject: environment.FRS_ENROL_REMOVE === '1',
    tracing: environment.FRS_TRACING === '1',
  };
}

function site(wanted: string): Settings['console'] {
  if (wanted === '' || wanted === '0') return undefined;
  if (wanted !== '1' && !wanted.includes('.')) {
    throw new Error(`FRS_CONSOLE is 1 or the console's domain, not ${wanted}`);
  }
  return { domain: wanted === '1' ? undefined : wanted };
}

/** Passwords and tokens pass here: no container without TLS. */
function container(domain = '', certificate = ''): Settings['container'] {
  if (domain === '' && certificate === '') return undefined;
  if (domain === '' || !certificate.startsWith('arn:')) {
    throw new Error('FRS_CONTAINER_DOMAIN takes FRS_CONTAINER_CERTIFICATE, the ARN of its ACM certificate.');
  }
  return { domain, certificate };
}
