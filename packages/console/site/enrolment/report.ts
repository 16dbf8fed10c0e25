/** One line of the report: what came of a photo. */
export interface ReportLine {
  readonly path: string;
  readonly person: string;
  readonly external_image_id: string;
  readonly result: string;
  readonly face_id: string;
  readonly reason: string;
}

const columns = ['path', 'person', 'external_image_id', 'result', 'face_id', 'reason'] as const;

/** As CSV. A text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function reportCsv(lines: readonly ReportLine[]): string {
  const cell = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const rows = lines.map((line) => columns.map((column) => cell(line[column])).join(','));
  // With its mark, so that spreadsheets read it as UTF-8.
  return `\ufeff${[columns.join(','), ...rows].join('\r\n')}\r\n`;
}

/** Offers a text to be saved. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
