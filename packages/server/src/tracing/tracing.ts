import { StartupError } from '@openfrs/embedded';
import type { TraceProtocol } from './protocol.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Sends traces of requests where OpenTelemetry's standard variables name a collector (`OTEL_EXPORTER_OTLP_ENDPOINT`, or its form for
 * traces); else nothing of it is loaded, and nothing sent. The exporter reads the other variables itself.
 * @returns sends what is left and ends it, within some seconds; undefined where nobody asked for it
 * @throws StartupError a protocol that there isn't
 */
export async function startTracing(environment: Environment): Promise<(() => Promise<void>) | undefined> {
  const protocol = protocolOf(environment);
  if (protocol === undefined) return undefined;
  const { openTracer } = await import('./tracer.ts');
  return await openTracer(protocol);
}

function protocolOf(environment: Environment): TraceProtocol | undefined {
  const {
    OTEL_SDK_DISABLED: disabled,
    OTEL_TRACES_EXPORTER: exporter = 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ofTraces,
    OTEL_EXPORTER_OTLP_PROTOCOL: general,
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol = general || 'http/protobuf',
  } = environment;
  if (disabled?.toLowerCase() === 'true' || exporter !== 'otlp' || !(endpoint || ofTraces)) return undefined;
  if (protocol === 'http/protobuf' || protocol === 'http/json') return protocol;
  throw new StartupError(
    `OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf or http/json, not "${protocol}".`,
  );
}
