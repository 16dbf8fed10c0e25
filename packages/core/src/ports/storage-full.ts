/**
 * A store can be read but not written to, for want of space or of rights. Whatever was to be written may be repeated when there is
 * room. Not an `FrsError`: what a write protocol does after an unexpected fault it does after this one.
 */
export class StorageFull extends Error {
  constructor(options: ErrorOptions) {
    super('The data store can not be written to at present: repeat the request later.', options);
    this.name = 'StorageFull';
  }
}
