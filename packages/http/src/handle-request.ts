import type { Context } from 'hono';
import { withReservation } from './admission/admission.ts';
import type { Flow } from './admission/flow.ts';
import { withDeadline } from './deadline.ts';
import type { Answer } from './exchange.ts';
import type { GatewayPorts } from './gateway.ts';
import { holdMedia } from './hold-media.ts';
import { refuseHead } from './not-found.ts';
import { isMultipart } from './parameters.ts';
import { type BodyReading, checkSize } from './read-body.ts';
import { type DoorEnv, type Wire, wireOf } from './wire.ts';

/** One request while it is handled. */
export interface RequestContext<Ports> {
  readonly wire: Wire;
  readonly ports: Ports;
  /** Aborts when the client has left or the request's deadline has passed. */
  readonly signal: AbortSignal;
  /** The whole body, read at the first call. @throws FrsError APIG.0201, FRS.0014, FRS.0033 */
  body(): Promise<Uint8Array>;
  /** Counts what its body holds as this project's, of which it is known by now. */
  ownedBy(projectId: string): void;
  /**
   * Parameters as they are held while the work waits, maybe for long. Lets go of the body, which was parsed and is not asked for
   * again.
   */
  hold<Parameters>(parameters: Parameters): Parameters;
  /** Runs heavy work when it is the flow's turn. @throws FrsError FRS.0033 the queue is full or too slow */
  inTurn<Result>(flow: Flow, work: () => Promise<Result>): Promise<Result>;
}

/**
 * Handles one request within its deadlines. What it reserves is given back when its work has ended, however it ends.
 * @param limit bytes of its body; one that tells its size is refused before anything else is done
 * @throws FrsError and what the handler throws
 */
export async function handleRequest<Ports extends GatewayPorts>(
  c: Context<DoorEnv>,
  limit: number,
  ports: () => Ports | Promise<Ports>,
  handler: (request: RequestContext<Ports>) => Promise<Answer>,
): Promise<Answer> {
  refuseHead(c);
  const wire = wireOf(c);
  try {
    checkSize(Number(wire.headers.get('content-length') ?? 0), limit);
    return await withDeadline(wire.left, wire.remainingMs, async (deadline) => {
      const given = await ports();
      if (given.deadlines) deadline.configure(given.deadlines);
      return await withReservation(given.admission, wire.source, (reservation) =>
        handler(contextOf(wire, given, { limit, reservation, deadline })),
      );
    });
  } catch (error) {
    await wire.drainBody();
    throw error;
  }
}

function contextOf<Ports extends GatewayPorts>(
  wire: Wire,
  ports: Ports,
  body: BodyReading,
): RequestContext<Ports> {
  const { deadline } = body;
  const { signal } = deadline;
  let reading: Promise<Uint8Array> | undefined;
  const declared = Number(wire.headers.get('content-length') ?? Number.NaN);
  const readBody = () =>
    ports.admission.bodies.read(wire.source, declared, body.deadline, (progress) =>
      wire.readBody({ ...body, progress }),
    );
  return {
    wire,
    ports,
    signal,
    body: () => (reading ??= readBody()),
    ownedBy: (projectId) => body.reservation.assign(`project ${projectId}`),
    hold: (parameters) => {
      reading = undefined;
      if (!isMultipart(wire)) body.reservation.free();
      return holdMedia(parameters, body.reservation);
    },
    inTurn: (flow, work) => {
      deadline.startQueue();
      const begin = () => {
        deadline.startWork();
        return work();
      };
      return ports.admission.queue.run(flow, begin, signal);
    },
  };
}
