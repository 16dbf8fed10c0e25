export {
  type CallOptions,
  type ClientOptions,
  type FrsClient,
  frsClient,
  type ParametersOf,
  type ResponseOf,
} from './client.ts';
export type { AccessKey, Credentials, Login, Token } from './credentials/types.ts';
export { FrsApiError } from './error.ts';
