export {
  type AnswerOf,
  type CallOptions,
  type ClientOptions,
  type FrsClient,
  frsClient,
  type ParametersOf,
} from './client.ts';
export type { AccessKey, Credentials, Login, Token } from './credentials/types.ts';
export { FrsApiError } from './error.ts';
