import { alarms } from './alarms.ts';
import { api } from './api.ts';
import { consoleSite } from './console.ts';
import { container } from './container.ts';
import { enrolment, maintenanceFunctions, taskQueue } from './events.ts';
import { type DeploymentContext, environment } from './functions.ts';
import { layers } from './layers.ts';
import { settings as readSettings } from './settings.ts';
import { storage } from './storage.ts';

/**
 * The key that seals the access keys' secrets and signs the tokens: 32 bytes in Base64, made at the first
 * deployment and kept as a SecureString (encrypted by KMS). To rotate it, put `new,old` into the parameter
 * and deploy again: the first key seals and signs, all open and verify.
 */
function secretKey(): { readonly key: $util.Output<string>; readonly parameter: $util.Output<string> } {
  // 43 letters and digits and one `=` read as 32 bytes of Base64 with 255 bits of chance in them.
  const made = aws.secretsmanager.getRandomPasswordOutput({ passwordLength: 43, excludePunctuation: true });
  const parameter = new aws.ssm.Parameter(
    'SecretKey',
    {
      type: 'SecureString',
      value: $interpolate`${made.randomPassword}=`,
    },
    // Without it, what tables that are kept hold sealed could never be opened again.
    { ignoreChanges: ['value'], retainOnDelete: $app.removal !== 'remove' },
  );
  // What lies there now: the state of the last deployment does not know of a key that was rotated since.
  const current = aws.ssm.getParameterOutput({ name: parameter.name, withDecryption: true });
  return { key: $util.secret(current.value), parameter: parameter.name };
}

/** Everything `sst deploy` sets up; returns what it prints. */
export function deploy(): Record<string, $util.Input<string>> {
  const settings = readSettings();
  const stores = storage(settings);
  const secret = secretKey();
  const context: DeploymentContext = {
    settings,
    storage: stores,
    layers: layers(settings, stores.index),
    secret: secret.key,
    tasks: taskQueue(),
  };
  const { gateway, functions } = api(context);
  const enrolling = enrolment(context);
  const maintaining = maintenanceFunctions(context);
  alarms(settings, {
    gateway,
    deadLetters: { enrolments: enrolling.dead, maintenance: context.tasks.dead },
    functions: [...functions.map(({ name }) => name), enrolling.functionName, ...maintaining.functionNames],
    sweep: maintaining.sweepName,
  });
  // What `openfrs` needs to work on this deployment: `sst shell` hands it on.
  new sst.Linkable('Deployment', {
    properties: {
      ...environment(context),
      FRS_SECRET_KEY: context.secret,
      FRS_ENDPOINT: gateway.url,
      AWS_REGION: aws.getRegionOutput().name,
    },
  });
  return {
    url: gateway.url,
    ...(settings.container ? { containerUrl: container(context, settings.container) } : {}),
    ...(settings.console ? { console: consoleSite(settings.console, gateway.url) } : {}),
    firstAccount: `npx sst shell --stage ${$app.stage} -- npx openfrs account create NAME --user NAME`,
    mediaBucket: context.storage.media.name,
    enrolDeadLetters: enrolling.dead.url,
    secretKeyParameter: secret.parameter,
  };
}
