/** The OTLP exporters here; gRPC would bring a native HTTP/2 client of its own. */
export type TraceProtocol = 'http/protobuf' | 'http/json';

export interface TracerSettings {
  readonly protocol: TraceProtocol;
  /**
   * Does the trace that a client's `traceparent` names go on, sampled as it says? Anybody may send one before logging in: else a
   * request begins a trace of its own, which links to it.
   */
  readonly goesOn: boolean;
}
