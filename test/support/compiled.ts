import { join } from 'node:path';
import { modelsDir } from '@openfrs/models';
import { compiledServer } from '@openfrs/publishing/compiled-server';

/** What a process of the service is started with: its compiled code starts with half the work. */
export interface Compiled {
  /** `openfrs`. */
  readonly bin: string;
  /** The program of `npm start`. */
  readonly main: string;
  /** Where it finds what lies in the repository. */
  readonly env: Readonly<Record<string, string>>;
}

/** Compiles it where the sources have changed (a second, three with the console's pages). */
export async function compiled(): Promise<Compiled> {
  const folder = await compiledServer();
  return {
    bin: join(folder, 'bin/openfrs.cjs'),
    main: join(folder, 'lib/main.js'),
    env: { FRS_MODELS_DIR: modelsDir() },
  };
}
