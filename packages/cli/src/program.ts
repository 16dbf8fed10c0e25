import { Command, CommanderError } from 'commander';
import { version } from '../package.json' with { type: 'json' };
import { accountCommands } from './commands/account.ts';
import { backupCommands } from './commands/backup.ts';
import { benchCommands } from './commands/bench.ts';
import { bucketCommands } from './commands/bucket.ts';
import type { Session } from './commands/command.ts';
import { completionCommands } from './commands/completion.ts';
import { deadLetterCommands } from './commands/dead-letters.ts';
import { detectCompareSearchCommands } from './commands/detect-compare-search.ts';
import { doctorCommands } from './commands/doctor.ts';
import { domainCommands } from './commands/domain.ts';
import { enrolCommands } from './commands/enrol.ts';
import { enrolLogCommands } from './commands/enrol-log.ts';
import { faceSetCommands } from './commands/face-sets.ts';
import { faceCommands } from './commands/faces.ts';
import { indexCommands } from './commands/index-maintenance.ts';
import { keyCommands } from './commands/key.ts';
import { liveCommands } from './commands/live.ts';
import { liveReportCommands } from './commands/live-report.ts';
import { loginCommands } from './commands/login.ts';
import { migrateCommands } from './commands/migrate.ts';
import { modelsCommands } from './commands/models.ts';
import { projectCommands } from './commands/project.ts';
import { quotaCommands } from './commands/quota.ts';
import { serveCommands } from './commands/serve.ts';
import { subscriptionCommands } from './commands/subscription.ts';
import { thresholdsCommands } from './commands/thresholds.ts';
import { tokenCommands } from './commands/token.ts';
import { transferCommands } from './commands/transfer.ts';
import { userCommands } from './commands/user.ts';
import { explain } from './failure.ts';
import type { Stores } from './stores.ts';
import type { Terminal } from './terminal/terminal.ts';

const groups = [
  loginCommands,
  serveCommands,
  accountCommands,
  domainCommands,
  userCommands,
  keyCommands,
  tokenCommands,
  projectCommands,
  quotaCommands,
  subscriptionCommands,
  bucketCommands,
  faceSetCommands,
  faceCommands,
  detectCompareSearchCommands,
  liveCommands,
  enrolCommands,
  enrolLogCommands,
  deadLetterCommands,
  liveReportCommands,
  transferCommands,
  backupCommands,
  indexCommands,
  migrateCommands,
  modelsCommands,
  thresholdsCommands,
  doctorCommands,
  benchCommands,
  completionCommands,
];

/** The whole command line; each group of commands is a file in `commands/`. */
export function program(session: Session): Command {
  const command = new Command('openfrs')
    .version(version)
    .description('Faces, accounts, keys, quotas and maintenance of an openfrs, local or deployed.')
    .addHelpText(
      'after',
      '\nWithout settings the stores of the local server (npm start) are used. Set AWS_REGION, FRS_TABLE_ACCOUNTS and\nFRS_SECRET_KEY (and AWS credentials) for deployed ones; set, face, detect, compare,\nsearch, live, enrol and bench need FRS_ENDPOINT, FRS_PROJECT_ID, FRS_AK and FRS_SK.',
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
      const [{ openStores }, { readSecretFiles }] = await Promise.all([
        import('./stores.ts'),
        import('@openfrs/service'),
      ]);
      stores ??= await openStores(readSecretFiles(terminal.environment));
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
    await stores?.close();
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
