import { StartupError } from '@openfrs/embedded';
import type { TracerSettings } from './protocol.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Sends traces of requests where OpenTelemetry's standard variables name a collector (`OTEL_EXPORTER_OTLP_ENDPOINT`, or its form for
 * traces); else nothing of it is loaded, and nothing sent. The exporter reads the other variables itself. An empty one is unset.
 * @returns sends what is left and ends it, within some seconds; undefined where nobody asked for it
 * @throws StartupError a protocol that there isn't, or an endpoint that is no URL
 */
export async function startTracing(environment: Environment): Promise<(() => Promise<void>) | undefined> {
  const settings = settingsOf(environment);
  if (settings === undefined) return undefined;
  const { openTracer } = await import('./tracer.ts');
  return await openTracer(settings);
}

function settingsOf(environment: Environment): TracerSettings | undefined {
  const exporters = listOf(environment.OTEL_TRACES_EXPORTER || 'otlp');
  const [endpoint] = given(environment, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT');
  const isDisabled = environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true';
  if (isDisabled || !exporters.includes('otlp') || endpoint === undefined) return undefined;
  if (!isHttpUrl(endpoint.value))
    throw new StartupError(
      `${endpoint.name} must be a URL such as http://127.0.0.1:4318, not "${endpoint.value}".`,
    );
  const [protocol] = given(environment, 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL');
  const { name, value } = protocol ?? { name: '', value: 'http/protobuf' };
  if (value !== 'http/protobuf' && value !== 'http/json')
    throw new StartupError(`${name} must be http/protobuf or http/json, not "${value}".`);
  return { protocol: value, goesOn: listOf(environment.OTEL_PROPAGATORS ?? '').includes('tracecontext') };
}

/** The variables of these that are set, in order: the first counts. */
function given(environment: Environment, ...names: readonly string[]) {
  return names.flatMap((name) => {
    const value = environment[name]?.trim();
    return value ? [{ name, value }] : [];
  });
}

const listOf = (text: string) => text.split(',').map((part) => part.trim());

/** The exporter would send to its preset, this machine, instead. */
function isHttpUrl(text: string): boolean {
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  return protocol === 'http:' || protocol === 'https:';
}
