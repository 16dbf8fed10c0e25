import { type Operation, type RequestSchema, readParameters } from '@openfrs/contract';
import { holdMedia } from '../hold-media.ts';
import { isMultipart, rawParameters } from '../parameters.ts';
import type { Next } from '../pipeline.ts';
import type {
  PipelinePorts,
  RequestContext,
  WithBody,
  WithDeadline,
  WithParameters,
  WithPorts,
  WithProject,
} from '../request-context.ts';

type Needed = RequestContext & WithPorts<PipelinePorts> & WithDeadline & WithBody & WithProject;

/**
 * The typed parameters of the body or the query, in the form in which they can wait for long. The raw body ends here: while the
 * operation waits and works, only what it needs is held. Large bodies are parsed one at a time.
 * @throws FrsError the contract's codes for malformed bodies and parameters, and what reading the body throws
 */
export function parameters<Parameters>(operation: Operation, request: RequestSchema<Parameters>) {
  return async (context: Needed, next: Next<WithParameters<Parameters>>) => {
    // A body counts as its project's, of which it is known by now.
    context.reservation.assign(`project ${context.project.id}`);
    return await next({ parameters: await read(context, operation, request) });
  };
}

async function read<Parameters>(
  { raw, body, reservation, pathParameter, ports, project, signal }: Needed,
  operation: Operation,
  request: RequestSchema<Parameters>,
): Promise<Parameters> {
  const bytes = await body.read();
  const parse = () => {
    const given = rawParameters(operation, raw, bytes, pathParameter('face_set_name'));
    const typed = readParameters(request, given);
    body.release();
    if (!isMultipart(raw)) reservation.free();
    return holdMedia(typed, reservation);
  };
  return await ports.admission.parses.run(project.id, bytes.length, parse, signal);
}
