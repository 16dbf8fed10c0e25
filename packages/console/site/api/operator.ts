export type {
  DomainReport,
  DomainRow,
  ServiceReport,
  SessionReport,
} from '../../server/operator/reports.ts';
