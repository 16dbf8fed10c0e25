import { log } from '@openfrs/core/observation';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { loggingErrorHandler, setGlobalErrorHandler } from '@opentelemetry/core';

/** What is said again and again is written once in this time. */
const quietMs = 60_000;
/** Texts that are remembered: the SDK has few. */
const mostTexts = 100;

/**
 * Writes what OpenTelemetry's SDK has to complain of, such as a collector that doesn't answer or a certificate that can't be read,
 * to the log: it says nothing of its own accord. @returns what ends it
 */
export function logDiagnostics(now: () => number = Date.now): () => void {
  const told = new Map<string, { readonly at: number; left: number }>();
  const tell = (...said: readonly unknown[]) => {
    const text = said.flatMap(textOf).join(' ');
    const kind = text.replace(/\d+/g, '0');
    const last = told.get(kind);
    if (last && now() - last.at < quietMs) {
      last.left += 1;
      return;
    }
    if (told.size >= mostTexts) told.clear();
    told.set(kind, { at: now(), left: 0 });
    const again = last && last.left > 0 ? ` (${last.left} more like it before)` : '';
    log('warn', `OpenTelemetry: ${text}${again}`);
  };
  const silent = () => {};
  const logger = { error: tell, warn: tell, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  setGlobalErrorHandler((error) => tell('traces could not be sent:', error));
  return () => {
    diag.disable();
    setGlobalErrorHandler(loggingErrorHandler());
  };
}

/** Of objects nothing: they may hold headers. */
function textOf(said: unknown): string[] {
  if (typeof said === 'string') return [said];
  if (!(said instanceof Error)) return [];
  const inner = said instanceof AggregateError ? said.errors.flatMap(textOf) : [];
  return [[said.message || said.name, ...inner].join(': ')];
}
