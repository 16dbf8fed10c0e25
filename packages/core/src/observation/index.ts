/** What goes on inside the service, for those who measure or trace it: nothing is kept, nobody is asked. */

export { openChannel } from './channel.ts';
export { errorText, type LogLevel, type LogLine, log, logLines } from './log.ts';
export {
  currentRequest,
  type EndedRequest,
  type ObservedRequest,
  observedRequest,
  requestsBegun,
  requestsEnded,
} from './requests.ts';
export { collectingStages, endStage, type Stage, type StageName, stagesEnded, timed } from './stages.ts';
export {
  type EndedStoreCall,
  observedStoreCall,
  type StoreCall,
  storeCallsBegun,
  storeCallsEnded,
} from './store-calls.ts';
export {
  currentTask,
  isMaintenance,
  type ObservedTask,
  observedTask,
  type TaskEnded,
  tasksBegun,
  tasksEnded,
} from './tasks.ts';
export {
  type EnrolmentEnded,
  enrolmentsEnded,
  type QueueWaitEnded,
  queueWaitsEnded,
  type SweepEnded,
  sweepsEnded,
  workerRestarts,
} from './work.ts';
