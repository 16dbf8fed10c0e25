import { domainList, lambda } from '@openfrs/service';

export const handler = lambda([domainList]);
