import { logLines } from '@openfrs/core/observation';
import { diag } from '@opentelemetry/api';
import { globalErrorHandler } from '@opentelemetry/core';
import { expect, it } from 'vitest';
import { logDiagnostics } from './diagnostics.ts';

it('writes what OpenTelemetry complains of once a minute for each kind, and says how often it came', () => {
  const said: string[] = [];
  const endLog = logLines.watch(({ message }) => said.push(message));
  let now = 0;
  const end = logDiagnostics(() => now);
  diag.warn('Dropped 3 spans');
  diag.warn('Dropped 41 spans');
  diag.error('no certificate', { headers: 'secret' });
  diag.info('left out');
  globalErrorHandler(new Error('no answer'));
  now = 60_000;
  diag.warn('Dropped 5 spans');
  end();
  diag.warn('after the end');
  endLog();
  expect(said).toEqual([
    'OpenTelemetry: Dropped 3 spans',
    'OpenTelemetry: no certificate',
    'OpenTelemetry: traces could not be sent: no answer',
    'OpenTelemetry: Dropped 5 spans (1 more like it before)',
  ]);
});
