export { describeWithData, itWithData, sharedData } from '@openfrs/testing/shared-data';
