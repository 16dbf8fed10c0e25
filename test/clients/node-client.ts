import { BasicCredentials, GlobalCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import { ClientBuilder } from '@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js';
import type { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js';
import type { KeyPair } from '@openfrs/testing/signers';
import FormData from 'form-data';

/** What the official client answers or throws. */
export interface ClientResponse {
  readonly httpStatusCode: number;
  readonly [field: string]: unknown;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{project_id}`, which the client fills in, and `{face_set_name}`. */
  readonly url: string;
  readonly faceSet?: string;
  readonly query?: Readonly<Record<string, string | number | readonly string[]>>;
  readonly json?: object;
  /** Parts of a multipart body in their order; a Buffer is a file. */
  readonly parts?: readonly (readonly [name: string, value: string | Buffer])[];
}

/** The official Node client's engine, called as the code generated for each operation calls it. */
export function nodeFrsClient(
  endpoint: string,
  key: KeyPair,
  projectId: string,
): (call: Call) => Promise<ClientResponse> {
  const credentials = new BasicCredentials({ ...key, projectId });
  const client = new ClientBuilder<HcClient>((built: HcClient) => built)
    .withCredential(credentials)
    .withEndpoint(endpoint)
    .build();
  return async ({ method, url, faceSet, query = {}, json, parts }) =>
    (await client.sendRequest({
      method,
      url,
      contentType: parts === undefined ? 'application/json' : 'multipart/form-data',
      queryParams: { ...query },
      pathParams: faceSet === undefined ? {} : { face_set_name: faceSet },
      headers: {},
      // What the generated code puts there when an operation has no body.
      data: parts === undefined ? (json ?? {}) : form(parts),
    })) as ClientResponse;
}

/** A client that was given no project: it asks IAM for the project named like the region. */
export async function projectFoundBy(endpoint: string, key: KeyPair, region: string): Promise<unknown> {
  const credentials = new BasicCredentials({ ...key, iamEndpoint: endpoint });
  const client = new ClientBuilder<HcClient>((built: HcClient) => built)
    .withEndpoint(endpoint)
    .withCredential(credentials)
    .build();
  await credentials.processAuthParams(client, region);
  return credentials.getPathParams();
}

/** An account-level client that was given no domain: it asks IAM for the caller's. */
export async function domainFoundBy(endpoint: string, key: KeyPair): Promise<unknown> {
  const credentials = new GlobalCredentials({ ...key, iamEndpoint: endpoint });
  const client = new ClientBuilder<HcClient>((built: HcClient) => built)
    .withEndpoint(endpoint)
    .withCredential(credentials)
    .build();
  await credentials.processAuthParams(client, '');
  return credentials.getPathParams();
}

function form(parts: readonly (readonly [name: string, value: string | Buffer])[]): FormData {
  const data = new FormData();
  for (const [name, value] of parts) {
    if (Buffer.isBuffer(value)) data.append(name, value, { filename: 'photo' });
    else data.append(name, value);
  }
  return data;
}
