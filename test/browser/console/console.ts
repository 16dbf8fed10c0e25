import { afterAll, beforeAll, describe } from 'vitest';
import type { Shared } from '../service.ts';
import { enrolmentTests } from './enrolment.ts';
import { endTests } from './everywhere.ts';
import { largeSetTests } from './large-set.ts';
import { operatorTests } from './operator.ts';
import { peopleTests } from './people.ts';
import { pictureTests } from './pictures.ts';
import { searchTests } from './search.ts';
import { signInTests } from './session.ts';
import { type ConsoleTab, openConsole } from './tab.ts';

/** The console as people use it, task after task, each on what the ones before have left. */
export function consoleTests(shared: () => Shared): void {
  describe('the console', () => {
    let tab: ConsoleTab | undefined;
    beforeAll(async () => {
      tab = await openConsole(shared());
    });
    afterAll(() => tab?.close());
    const opened = () => tab as ConsoleTab;

    signInTests(opened);
    pictureTests(opened);
    enrolmentTests(opened);
    peopleTests(opened);
    searchTests(opened);
    largeSetTests(opened);
    operatorTests(opened);
    endTests(opened);
  });
}
