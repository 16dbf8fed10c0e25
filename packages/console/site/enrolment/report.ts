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

/** What spreadsheets begin a formula with, in full width too, and what they skip before it. */
const formulaStart = /^\s*[=+\-@＝＋－＠\t\r\n]/;

/** As CSV, every cell quoted. A text that a spreadsheet would take for a formula gets an apostrophe in front. */
export async function reportCsv(lines: readonly ReportLine[]): Promise<string> {
  const { default: papa } = await import('papaparse');
  const csv = papa.unparse([...lines], { columns: [...columns], quotes: true, escapeFormulae: formulaStart });
  // With its mark, so that spreadsheets read it as UTF-8.
  return `\ufeff${csv}\r\n`;
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
