/** The OTLP exporters here; gRPC would bring a native HTTP/2 client of its own. */
export type TraceProtocol = 'http/protobuf' | 'http/json';
