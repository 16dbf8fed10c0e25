import { readConfig } from '@openfrs/core';
import { createService, sweep } from '@openfrs/service';

export const handler = sweep(createService(readConfig(), { operations: [] }));
