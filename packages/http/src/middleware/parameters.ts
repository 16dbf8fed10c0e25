import { type Operation, type RequestSchema, readParameters } from '@openfrs/contract';
import { holdMedia } from '../hold-media.ts';
import { areMedia, decodeTexts, shortenJson } from '../long-base64.ts';
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
  const name = pathParameter('face_set_name');
  const parseWhole = () => {
    const typed = readParameters(request, rawParameters(operation, raw, bytes, name));
    body.release();
    if (!isMultipart(raw)) reservation.free();
    return holdMedia(typed, reservation);
  };
  const parse = async () => {
    const short = operation.body && !isMultipart(raw) ? shortenJson(bytes) : undefined;
    if (short === undefined) return parseWhole();
    const given = rawParameters(operation, raw, short.json, name);
    const decoded = areMedia(given, short.texts) ? await decodeTexts(short.texts, signal) : undefined;
    // What is wrong with a text is said by who reads all of it.
    if (decoded === undefined) return parseWhole();
    try {
      const typed = readParameters(request, given);
      body.release();
      reservation.free();
      decoded.hold(reservation);
      return holdMedia(typed, reservation, decoded.media);
    } catch (error) {
      decoded.free();
      throw error;
    }
  };
  return await ports.admission.parses.run(project.id, bytes.length, parse, signal);
}
