import { domainList, lambda } from '@openfrs/service';

export const handler = await lambda([domainList]);
