import { unknownSetting } from '@openfrs/core';
import { StartupError } from '@openfrs/embedded';
import { readSecretFiles } from '@openfrs/service';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What a server starts with: the environment, secrets in files read in.
 * @throws StartupError one sentence: a variable that looks like a setting and is none; what `readSecretFiles` says
 */
export function startEnvironment(environment: Environment): Environment {
  const unknown = unknownSetting(environment);
  if (unknown !== undefined) throw new StartupError(unknown);
  return readSecretFiles(environment);
}
