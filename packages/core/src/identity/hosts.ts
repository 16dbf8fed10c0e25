import type { AuthRequest } from './caller.ts';

export interface HostSettings {
  /** Host names (with port, if not the default one) under which clients reach the service: FRS_PUBLIC_HOSTS. */
  readonly publicHosts: readonly string[];
  /** Whether X-Forwarded-Host comes from a proxy of ours: FRS_TRUST_FORWARDED_HOST. */
  readonly trustForwardedHost: boolean;
}

/** The Host values that a client may have signed for this request to reach us. */
export function acceptableHosts(request: AuthRequest, settings: HostSettings): string[] {
  const hosts = [request.headers.get('host'), ...settings.publicHosts];
  if (settings.trustForwardedHost) {
    hosts.push(request.headers.get('x-forwarded-host')?.split(',')[0]?.trim() ?? null);
  }
  return [...new Set(hosts.filter((host) => host !== null && host !== ''))] as string[];
}
