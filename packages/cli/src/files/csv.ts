/** A table as CSV (RFC 4180): a line of the columns' names, then one a row; what a row lacks stays empty. */
export function csvOf<Column extends string>(
  columns: readonly Column[],
  rows: readonly { readonly [name in Column]?: string | undefined }[],
): string {
  const cell = (text = '') => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map((row) => columns.map((name) => cell(row[name])).join(','));
  return [columns.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}
