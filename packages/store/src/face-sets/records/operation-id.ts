import { randomBytes } from 'node:crypto';

/** Names one operation on a set; 72 random bits. */
export function newOperationId(): string {
  return randomBytes(9).toString('base64url');
}
