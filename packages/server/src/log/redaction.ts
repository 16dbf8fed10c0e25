/** What stands for a secret, or for what may be a picture or a vector. */
const redacted = '[redacted]';

/** Longer texts are no message of ours: a body, or what a store says of one. Stacks of causes are shorter. */
const longest = 8000;

/**
 * What gives a secret away in the messages of libraries: signatures and tokens of headers and URLs, passwords and keys as JSON or
 * assignments; long runs of Base64 or hexadecimal digits, which pictures and keys are written as; lists of many numbers,
 * which vectors are. Names of files and ids of requests are shorter or broken by other signs.
 */
const patterns: readonly (readonly [RegExp, string])[] = [
  [
    /\b(authorization|x-auth-token|x-subject-token|x-amz-security-token|cookie)("?\s*[:=]\s*"?)[^\r\n"]+/gi,
    `$1$2${redacted}`,
  ],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${redacted}`],
  [/\b(x-amz-(?:signature|credential|security-token)|signature|credential)=[^&\s",]+/gi, `$1=${redacted}`],
  [
    /((?:\\*")?\b(?:password|passwd|secret|secret_?(?:access_?)?key|sk|token|access_?key|image_base64|video_base64)(?:\\*")?\s*[:=]\s*)(\\+"[^"\\]*\\+"|"[^"]*"|'[^']*'|[^\s,}&]+)/gi,
    `$1${redacted}`,
  ],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, redacted],
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(-----END [A-Z ]+-----|$)/g, redacted],
  [/\[\s*-?\d[\d.eE+-]*(?:\s*,\s*-?\d[\d.eE+-]*){15,}\s*,?\s*(\]|\.\.\.|$)/g, redacted],
  [/(?:-?\d+(?:\.\d+)?(?:e-?\d+)?\s*,\s*){16,}-?\d+(?:\.\d+)?/gi, redacted],
];

/** Base64 of either alphabet, or hexadecimal digits. */
const run = /[A-Za-z0-9+/_-]{36,}={0,2}/g;
/** Paths and ids are broken by slashes and dashes: no part of theirs is so long, nor are all together. */
const longestPart = 36;
const longestRun = 200;

/** Keys of 30 bytes and more, such as AWS's, may have slashes anywhere. */
const shortestKey = 40;
/** Of random Base64 .4 of the signs are a letter of the other case than the one before, of paths with camel case .1. */
const changesOfKeys = 0.25;

function isKey(text: string): boolean {
  if (text.length < shortestKey || !/\d/.test(text)) return false;
  const letters = text.replace(/[^A-Za-z]/g, '');
  const changes = letters.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  return changes >= changesOfKeys * text.length;
}

const isEncoded = (text: string) =>
  text.length >= longestRun ||
  isKey(text) ||
  text.split(/[/-]/).some((part) => part.length >= longestPart && /\d/.test(part));

/** A text for the log, without what must not stand there. */
export function withoutSecrets(text: string): string {
  let left = text.length > longest ? `${text.slice(0, longest)}…` : text;
  for (const [pattern, instead] of patterns) left = left.replace(pattern, instead);
  return left.replace(run, (text) => (isEncoded(text) ? redacted : text));
}
