import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiToken } from '../ports/accounts.ts';
import { newSecret, newTokenId } from './identifiers.ts';

/** Tells it from a token of 24 hours, and lets scanners of leaked secrets know one. */
const prefix = 'frs_';
const form = /^frs_([a-z0-9]{16})_([A-Za-z0-9]{40})$/;

export interface ApiTokenSecret {
  readonly id: string;
  readonly secret: string;
}

/** Its parts for a new token, and its text for X-Auth-Token. */
export function newApiTokenSecret(): ApiTokenSecret & { readonly text: string } {
  const [id, secret] = [newTokenId(), newSecret()];
  return { id, secret, text: `${prefix}${id}_${secret}` };
}

/** Is it meant as an API token? */
export const isApiToken = (text: string): boolean => text.startsWith(prefix);

/** Its parts; `undefined` where it can't be one. */
export function parseApiToken(text: string): ApiTokenSecret | undefined {
  const [, id, secret] = form.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Fast, unlike that of a password: a secret of 238 bits can't be guessed. */
export const hashApiToken = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Is it the secret of this token, which is not over? In constant time. */
export function opensApiToken(token: ApiToken, secret: string, now: Date): boolean {
  const isRight = timingSafeEqual(Buffer.from(hashApiToken(secret)), Buffer.from(token.secretHash));
  return isRight && now.getTime() < Date.parse(token.expiresAt);
}
