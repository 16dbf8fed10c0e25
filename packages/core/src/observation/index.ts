/** What goes on inside the service, for those who measure or trace it: nothing is kept, nobody is asked. */

export { collectingStages, endStage, type Stage, type StageName, stagesEnded, timed } from './stages.ts';
export {
  type EndedStoreCall,
  observedStoreCall,
  type StoreCall,
  storeCallsBegun,
  storeCallsEnded,
} from './store-calls.ts';
export {
  type EnrolmentEnded,
  enrolmentsEnded,
  type SweepEnded,
  sweepsEnded,
  workerRestarts,
} from './work.ts';
