/**
 * The settings of a deployment, as `sst shell` hands them on: the linkable `Deployment` of `packages/infra`. `undefined`
 * outside of it.
 */
export function deployedEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> | undefined {
  const { SST_RESOURCE_Deployment: text } = environment;
  if (text === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(JSON.parse(text) as Record<string, unknown>).filter(
      (entry): entry is [string, string] => /^(FRS|AWS)_/.test(entry[0]) && typeof entry[1] === 'string',
    ),
  );
}
