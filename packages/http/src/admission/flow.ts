/** Whose work it is. */
export interface Flow {
  readonly project: string;
  readonly operation: string;
}
