export { createLiveness, type LivenessOptions, type LocalLiveness } from './create-liveness.ts';
export type { LivenessReport } from './report/report.ts';
export { reportPage } from './report/report-page.ts';
