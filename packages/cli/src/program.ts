import { Command, CommanderError } from 'commander';
import { version } from '../package.json' with { type: 'json' };
import { explain } from './failure.ts';
import type { Stores } from './stores.ts';
import type { Terminal } from './terminal/terminal.ts';
import { accountVerbs } from './verbs/account.ts';
import { benchVerbs } from './verbs/bench.ts';
import { bucketVerbs } from './verbs/bucket.ts';
import { completionVerbs } from './verbs/completion.ts';
import { doctorVerbs } from './verbs/doctor.ts';
import { domainVerbs } from './verbs/domain.ts';
import { enrolVerbs } from './verbs/enrol.ts';
import { enrolLogVerbs } from './verbs/enrol-log.ts';
import { indexVerbs } from './verbs/index-upkeep.ts';
import { keyVerbs } from './verbs/key.ts';
import { liveReportVerbs } from './verbs/live-report.ts';
import { migrateVerbs } from './verbs/migrate.ts';
import { modelsVerbs } from './verbs/models.ts';
import { projectVerbs } from './verbs/project.ts';
import { quotaVerbs } from './verbs/quota.ts';
import { recogniseVerbs } from './verbs/recognise.ts';
import { subscriptionVerbs } from './verbs/subscription.ts';
import { transferVerbs } from './verbs/transfer.ts';
import { userVerbs } from './verbs/user.ts';
import type { Session } from './verbs/verb.ts';

const groups = [
  accountVerbs,
  domainVerbs,
  userVerbs,
  keyVerbs,
  projectVerbs,
  quotaVerbs,
  subscriptionVerbs,
  bucketVerbs,
  recogniseVerbs,
  enrolVerbs,
  enrolLogVerbs,
  liveReportVerbs,
  transferVerbs,
  indexVerbs,
  migrateVerbs,
  modelsVerbs,
  doctorVerbs,
  benchVerbs,
  completionVerbs,
];

/** The whole command line; each group of verbs is a file in `verbs/`. */
export function program(session: Session): Command {
  const command = new Command('openfrs')
    .version(version)
    .description('Faces, accounts, keys, quotas and upkeep of an openfrs, local or deployed.')
    .addHelpText(
      'after',
      '\nWithout settings the stores of the local server (npm start) are used. Set AWS_REGION, FRS_TABLE_ACCOUNTS and\nFRS_SECRET_KEY (and AWS credentials) for deployed ones; detect, compare, search, enrol and bench need\nFRS_ENDPOINT, FRS_PROJECT_ID, FRS_AK and FRS_SK.',
    );
  for (const group of groups) group(command, session);
  return command;
}

/** Runs one command line; answers the exit code: 0 done, 1 failed, 2 not understood. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  let stores: Stores | undefined;
  const session: Session = {
    terminal,
    failed: false,
    async stores() {
      const { openStores } = await import('./stores.ts');
      stores ??= await openStores(terminal.environment);
      return stores;
    },
  };
  const command = program(session);
  captureOutput(command, terminal);
  try {
    await command.parseAsync([...argv], { from: 'user' });
    return session.failed ? 1 : 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const message = explain(error, stores);
    terminal.stderr.write(
      argv.includes('--json') ? `${JSON.stringify({ error: message })}\n` : `${message}\n`,
    );
    return 1;
  } finally {
    stores?.close();
  }
}

function captureOutput(command: Command, { stdout, stderr }: Terminal): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    getOutHasColors: () => stdout.isTTY === true,
    getErrHasColors: () => stderr.isTTY === true,
  });
  for (const child of command.commands) captureOutput(child, { stdout, stderr } as Terminal);
}
