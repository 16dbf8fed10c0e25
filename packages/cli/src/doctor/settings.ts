import { X509Certificate } from 'node:crypto';
import { settings, unknownSetting } from '@openfrs/core';
import { CliError } from '../failure.ts';
import type { Stores } from '../stores.ts';
import { type Finding, finding } from './finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A certificate that ends sooner is told of while there is time to renew it; in the last third of its life where it lives for days. */
const renewWithinDays = 14;
const renewWithinShare = 1 / 3;
const msPerDay = 86_400_000;

/** What stops or will stop a server's start: a variable that looks like a setting and is none, a certificate that is none or ends. */
export async function checkSettings(
  stores: Stores,
  environment: Environment,
  now: number,
): Promise<Finding[]> {
  const { tls } = stores.config;
  const found = [
    await finding('settings', stores, async () => {
      const unknown = unknownSetting(environment);
      if (unknown !== undefined) throw new CliError(unknown);
      const names = Object.keys(settings);
      const set = names.filter((name) => environment[name] ?? environment[`${name}_FILE`]);
      return `${set.length} of ${names.length} are set, the others have their presets`;
    }),
  ];
  if (tls === undefined) return found;
  return [...found, await finding('certificate', stores, () => examine(tls, now))];
}

async function examine(
  tls: { readonly certificate: string; readonly key: string },
  now: number,
): Promise<string> {
  // The server's own check, so that both say the same.
  const { checkCertificate } = await import('@openfrs/server/tls');
  checkCertificate(tls);
  const { subjectAltName = '', validFrom, validTo } = new X509Certificate(tls.certificate);
  if (Date.parse(validFrom) > now)
    throw new CliError(`It is valid from ${validFrom} on: clients refuse it until then`);
  const life = (Date.parse(validTo) - Date.parse(validFrom)) / msPerDay;
  const days = (Date.parse(validTo) - now) / msPerDay;
  if (days < Math.min(renewWithinDays, life * renewWithinShare))
    throw new CliError(`It ends on ${validTo}: renew it`);
  return `${subjectAltName || 'without a name'}, for ${Math.floor(days)} days`;
}
