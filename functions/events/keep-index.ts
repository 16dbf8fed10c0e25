import { readConfig } from '@openfrs/core';
import { createService, maintainIndex, workMetricsLog } from '@openfrs/service';

workMetricsLog();

export const handler = maintainIndex(createService(readConfig(), { operations: [] }));
