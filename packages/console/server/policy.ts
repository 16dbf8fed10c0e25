/** Everything comes from here; nothing is inline. Photos are shown from the browser's memory (`blob:`). */
export const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What the pages may use of the browser's devices. */
export const permissions = 'camera=(self), microphone=(), geolocation=()';
