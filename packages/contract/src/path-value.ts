/** Of a custom field of type string: the contract takes 1 to 256 letters, digits, `_` and `-`. */
export const longestValue = 256;

/** The field of photos' paths where no other is named: what `openfrs enrol` and the console fill, and a search shows. */
export const defaultPathField = 'file';

/**
 * A path as the value of a custom field: percent-encoding (RFC 3986, of UTF-8) with `_` in the place of `%`, so that every name
 * comes back as it was. Letters, digits and `-` stay.
 */
export function pathValue(path: string): string {
  return [...new TextEncoder().encode(path)]
    .map((byte) => String.fromCharCode(byte))
    .map((letter) =>
      /[A-Za-z0-9-]/.test(letter)
        ? letter
        : `_${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}

/** The path that `pathValue` was given; undefined for a value that is no such path. */
export function pathOfValue(value: string): string | undefined {
  if (!/^([A-Za-z0-9-]|_[0-9A-F]{2})+$/.test(value)) return undefined;
  try {
    return decodeURIComponent(value.replaceAll('_', '%'));
  } catch {
    return undefined;
  }
}
