/** What an operator asked for can't be: a name is taken, or what is to be changed doesn't exist. Its message says which. */
export class AccountConflict extends Error {
  readonly reason: 'taken' | 'missing';

  constructor(reason: 'taken' | 'missing', what: string) {
    super(reason === 'taken' ? `${what} exists already.` : `${what} does not exist.`);
    this.name = 'AccountConflict';
    this.reason = reason;
  }
}
