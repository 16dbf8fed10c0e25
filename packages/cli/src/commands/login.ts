import type { Command } from 'commander';
import { apiOf, profileName } from '../api/api.ts';
import { profilesFile, writeProfile } from '../api/profiles.ts';
import { CliError } from '../failure.ts';
import { readLine } from '../terminal/terminal.ts';
import { addCommand, type Session } from './command.ts';

/** Keeps what the API's commands need, so that it needn't be in the environment. */
export function loginCommands(program: Command, session: Session): void {
  addCommand(program, session, {
    usage: 'login',
    summary:
      'Keep a service and an access key for later commands. Example: openfrs login --endpoint https://frs.example.com --project-id ID --ak AK < sk.txt',
    options: [
      ['--endpoint <url>', 'where the service is'],
      ['--project-id <id>', 'of openfrs project list'],
      ['--ak <ak>', 'an access key; its SK is read from the standard input'],
      ['--profile <name>', 'under this name (default FRS_PROFILE, or default)'],
    ],
    async runWithoutStores(args, { terminal }) {
      const [endpoint, projectId, ak] = ['endpoint', 'projectId', 'ak'].map((name) => args.maybe(name));
      if (endpoint === undefined || projectId === undefined || ak === undefined)
        throw new CliError('Say where and as whom with --endpoint, --project-id and --ak.');
      if (!URL.canParse(endpoint)) throw new CliError(`--endpoint is no address: ${endpoint}.`);
      if ((terminal.stdin as { isTTY?: boolean }).isTTY) terminal.stderr.write('SK: ');
      const kept = { endpoint, projectId, ak, sk: (await readLine(terminal.stdin)).trim() };
      // A wrong one is told now, not by the next command.
      await apiOf(kept).faceSetList();
      const name = args.maybe('profile') ?? profileName(terminal.environment);
      await writeProfile(terminal.environment, name, kept);
      return {
        done: `Kept as the profile ${name} in ${profilesFile(terminal.environment)}.`,
        record: { profile: name, endpoint, projectId },
      };
    },
  });
  addCommand(program, session, {
    usage: 'logout',
    summary: 'Forget what login kept. Example: openfrs logout',
    options: [['--profile <name>', 'of this name (default FRS_PROFILE, or default)']],
    async runWithoutStores(args, { terminal }) {
      const name = args.maybe('profile') ?? profileName(terminal.environment);
      if (!(await writeProfile(terminal.environment, name, undefined)))
        throw new CliError(`There is no profile ${name}.`);
      return { done: `The profile ${name} is forgotten.`, record: { profile: name } };
    },
  });
}
