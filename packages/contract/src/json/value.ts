import type { LosslessNumber } from 'lossless-json';

/** A number of a JSON text: a plain one where a double holds it exactly enough, else its own digits. */
export type JsonNumber = number | LosslessNumber;
export type JsonValue = null | boolean | string | JsonNumber | JsonValue[] | JsonObject;
/** Own properties only; any key may occur, `__proto__` too. */
export type JsonObject = { [key: string]: JsonValue };
