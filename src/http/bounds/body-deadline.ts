import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../problem.filter.js';
import { ProblemError } from '../problem.js';

/** How long whoever was refused may go on sending, so that the answer arrives before the connection ends. */
const LINGERING_MS = 2_000;

export function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** Has every body arrive in time, wanted or not; of a stream, whoever reads it says how long it may be silent. */
export function limitBodyTime(fastify: FastifyInstance, milliseconds: number): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (hasBody(request) && request.routeOptions.config?.isStreamed !== true) {
      expectBodyWithin(milliseconds, request, reply);
    }
    done();
  });
}

function expectBodyWithin(milliseconds: number, request: FastifyRequest, reply: FastifyReply): void {
  unlessArrivedWithin(milliseconds, request, () => {
    if (reply.sent) {
      request.raw.destroy();
      return;
    }
    const message = `the body did not arrive within ${milliseconds / 1_000} seconds`;
    sendProblem(new ProblemError(408, 'request-too-slow', message), reply.header('connection', 'close'));
  });
}

/** Ends the connection of whoever goes on sending a body that nobody wants. */
export function lingerBriefly(request: FastifyRequest): void {
  unlessArrivedWithin(LINGERING_MS, request, () => request.raw.destroy());
}

// Of a request that was answered before its body had come, Node tells nobody that it has ended with its connection.
function unlessArrivedWithin(milliseconds: number, { raw }: FastifyRequest, act: () => void): void {
  const { socket } = raw;
  const settle = () => {
    clearTimeout(timer);
    socket.off('close', settle);
  };
  const timer = setTimeout(act, milliseconds);
  raw.once('end', settle).once('close', settle);
  socket.once('close', settle);
}
