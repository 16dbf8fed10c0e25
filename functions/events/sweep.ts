import { readConfig } from '@openfrs/core';
import { createService, sweep, workMetricsLog } from '@openfrs/service';

workMetricsLog();

export const handler = sweep(createService(readConfig(), { operations: [] }));
