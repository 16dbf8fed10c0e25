import { signer } from './signature.ts';
import { tokenOf } from './token.ts';
import type { Authority, Credentials } from './types.ts';

/** @param post how a token is fetched: the path, and the body as JSON */
export function authorityOf(
  credentials: Credentials,
  projectId: string,
  post: (path: string, json: string) => Promise<Response>,
): Authority {
  if ('ak' in credentials) return signer(credentials);
  if ('user' in credentials) return tokenOf(credentials, projectId, post);
  const headers = { 'X-Auth-Token': credentials.token };
  return { headersFor: async () => headers };
}
