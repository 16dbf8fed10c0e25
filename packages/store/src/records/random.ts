import { randomBytes, randomInt } from 'node:crypto';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 8 random letters, as the contract's ids are. */
export function randomLetters(): string {
  return Array.from({ length: 8 }, () => letters[randomInt(52)]).join('');
}

/** Names one operation on a set; 72 random bits. */
export function newOperationId(): string {
  return randomBytes(9).toString('base64url');
}
