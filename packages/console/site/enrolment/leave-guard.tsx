import { useContext, useEffect, useState } from 'preact/hooks';
import { useLeaveGuard } from '../components/use-leave-guard.ts';
import { type Enrolments, EnrolmentsContext } from './enrolment-run.ts';

/** Asks before the tab is left while people are being enrolled; signing out ends it. */
export function EnrolmentLeaveGuard() {
  const enrolments = useContext(EnrolmentsContext) as Enrolments;
  const [isRunning, setRunning] = useState(enrolments.isRunning);
  useEffect(() => enrolments.listen(() => setRunning(enrolments.isRunning)), [enrolments]);
  useEffect(() => () => enrolments.endAll(), [enrolments]);
  useLeaveGuard(isRunning);
  return null;
}
