import {
  type AnswerableError,
  type DynaliteStore,
  isAnswerable,
  type Operation,
  operation,
} from './dynalite.ts';
import type { Tables } from './tables.ts';

/** DynamoDB's limit for a transaction. */
const maxItems = 100;
const kinds = { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem' } as const;
type Kind = keyof typeof kinds;

/** Says of one item of a transaction why that is cancelled. */
interface Reason {
  readonly Code: string;
  readonly Message?: string;
}

/**
 * TransactWriteItems: all of 100 writes at most, or none. It has no `ConditionCheck`, and a repeat of a request is done again: its token
 * (`ClientRequestToken`) is not remembered.
 * @param input the request's body, parsed
 * @throws AnswerableError the request is not valid, or the transaction is cancelled; others where dynalite has a fault
 */
export async function transactWrite(tables: Tables, input: unknown): Promise<object> {
  const { TransactItems: items } = input as { readonly TransactItems?: unknown };
  if (!Array.isArray(items) || items.length === 0 || items.length > maxItems)
    throw invalid(`TransactItems must have 1 to ${maxItems} members`);
  const operations = items.map((item) => operationOf(tables, item));
  return await tables.together(async (store, isTwice) => {
    // Each has ended before the first failure is looked at: none may lock a key any more.
    const failures = await Promise.all(operations.map((operation) => failureOf(operation, store)));
    if (isTwice()) throw invalid('Transaction request cannot include multiple operations on one item');
    const reasons = failures.map(reasonOf);
    if (failures.some((failure) => failure)) throw cancelled(reasons);
    return {};
  });
}

/** One member of a transaction, checked. */
function operationOf(tables: Tables, item: unknown): Operation {
  const [[kind, body], ...others] = Object.entries(item ?? {}) as [[string?, unknown?], ...unknown[]];
  const name = kinds[kind as Kind];
  if (name === undefined || others.length > 0)
    throw invalid('TransactItems can only contain one of Put, Update or Delete');
  return operation(tables.store, name, body) as Operation;
}

/** Why an operation couldn't be done; undefined where it was. */
const failureOf = (operation: Operation, store: DynaliteStore) =>
  new Promise<unknown>((resolve) => operation(store, resolve));

/** What cancels a transaction, by the error that the operation would have alone. */
const codes: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  ValidationException: 'ValidationError',
};

/** @throws unknown a failure that is not one of the item's, as where its table or the disk is missing */
function reasonOf(failure: unknown): Reason {
  if (!failure) return { Code: 'None' };
  const { __type = '', message = '' } = (isAnswerable(failure) ? failure.body : {}) as AnswerableBody;
  const Code = codes[__type.split('#')[1] ?? ''];
  if (Code === undefined) throw failure;
  return { Code, Message: message };
}

interface AnswerableBody {
  readonly __type?: string;
  readonly message?: string;
}

function cancelled(reasons: readonly Reason[]): AnswerableError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return {
    statusCode: 400,
    body: {
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
      Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      CancellationReasons: reasons,
    },
  };
}

function invalid(message: string): AnswerableError {
  return { statusCode: 400, body: { __type: 'com.amazon.coral.validate#ValidationException', message } };
}
