export { mapInSlices, ownTurn, runInSlices, runToEnd, type Steps } from '@openfrs/contract/steps';
