import type { Next } from '../pipeline.ts';
import { checkSize } from '../read-body.ts';
import type { PipelinePorts, RequestContext } from '../request-context.ts';

export interface WithBodyLimit {
  /** Bytes. */
  readonly maxBodyBytes: number;
}

/**
 * Refuses a body that tells a larger size, before anything else is done; one that tells none is refused as it is read. Where a request
 * is refused, for whatever reason, what is left of its body passes by, so that its sender gets to read the answer.
 */
export function bodyLimit(
  maxBodyBytes: number,
  ports: () => Pick<PipelinePorts, 'admission'> | Promise<Pick<PipelinePorts, 'admission'>>,
) {
  return async (context: RequestContext, next: Next<WithBodyLimit>) => {
    const { raw } = context;
    try {
      checkSize(raw.declaredBytes, maxBodyBytes);
      return await next({ maxBodyBytes });
    } catch (error) {
      await raw.drainBody(async () => (await ports()).admission.drains);
      throw error;
    }
  };
}
