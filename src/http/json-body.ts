import type { FastifyInstance } from 'fastify';
import { ProblemError } from './problem.js';

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Reads JSON bodies alone, in valid UTF-8 (RFC 8259, 8.1), and refuses `__proto__`, as Fastify's own parser does. */
export function acceptJsonOnly(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'ignore');
  fastify.removeContentTypeParser(['application/json', 'text/plain']);
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      parse(request, UTF_8.decode(body), done);
    } catch (cause) {
      done(new ProblemError(400, 'request-malformed', 'the body is not valid UTF-8', {}, { cause }));
    }
  });
}
