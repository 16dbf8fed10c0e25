export {
  describeWithData,
  describeWithModels,
  itWithData,
  sharedData,
  sharedModel,
} from '@openfrs/testing/shared-data';
