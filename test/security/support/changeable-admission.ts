import { type Admission, type AdmissionLimits, createAdmission } from '@openfrs/http';
import type { Overrides } from '@openfrs/service';

/** What the service under attack admits by; `service` unless a case narrows it. */
const admissions: { service?: Admission; now?: Admission } = {};

function current(): Admission {
  const admission = admissions.now ?? admissions.service;
  if (admission === undefined)
    throw new Error('The service has not been started with `changeableAdmission`.');
  return admission;
}

/** For the start of the service: its admission, of which `withLimits` takes the place for a while. */
export const changeableAdmission: Overrides = {
  admission({ config }) {
    admissions.service = createAdmission({ ...config.admission, longestWaitMs: config.requestMs / 2 });
    return {
      get memory() {
        return current().memory;
      },
      get pictures() {
        return current().pictures;
      },
      get bodies() {
        return current().bodies;
      },
      get parses() {
        return current().parses;
      },
      get queue() {
        return current().queue;
      },
      get drains() {
        return current().drains;
      },
    };
  },
};

/** While the work is done, the service takes on no more than this. */
export async function withLimits(limits: AdmissionLimits, work: () => Promise<void>): Promise<void> {
  admissions.now = createAdmission(limits);
  try {
    await work();
  } finally {
    delete admissions.now;
  }
}
