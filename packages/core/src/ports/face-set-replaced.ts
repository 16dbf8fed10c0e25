import { FrsError } from '@openfrs/contract';

/**
 * Another set has this one's faces and name since it was looked up (`openfrs set reindex`), and nothing was done: looked up again,
 * the same request goes well. Who doesn't repeat it answers that the service is busy.
 */
export class FaceSetReplaced extends FrsError {
  constructor() {
    super('FRS.0033', 'The face set was reindexed at this moment: repeat the request.');
  }
}
