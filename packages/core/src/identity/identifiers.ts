import { randomBytes, randomInt } from 'node:crypto';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ALPHANUMERIC = `${UPPER}abcdefghijklmnopqrstuvwxyz0123456789`;

/** Id of a domain, user or project: 32 hex digits, as IAM's are. */
export const newId = (): string => randomBytes(16).toString('hex');

/** An AK: 20 upper-case letters and digits. */
export const newAccessKeyId = (): string => draw(`${UPPER}0123456789`, 20);

/** An SK: 40 letters and digits, 238 bits. */
export const newSecret = (): string => draw(ALPHANUMERIC, 40);

/** Id of an API token: 16 lower-case letters and digits. */
export const newTokenId = (): string => draw('abcdefghijklmnopqrstuvwxyz0123456789', 16);

/** A password for someone to keep: 24 letters and digits, 142 bits. */
export const newPassword = (): string => draw(ALPHANUMERIC, 24);

function draw(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
