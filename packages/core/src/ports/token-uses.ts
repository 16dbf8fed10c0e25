/** When API tokens were last used: for those who look which may go. */
export interface TokenUses {
  /** Remembers a use, to ten minutes or so, without keeping the request waiting; what can't be written is forgotten. */
  note(tokenId: string, now: Date): void;
  /** By id; those never used are left out. */
  lastUses(tokenIds: readonly string[]): Promise<ReadonlyMap<string, Date>>;
  /** Of tokens that are gone. */
  forget(tokenIds: readonly string[]): Promise<void>;
}
