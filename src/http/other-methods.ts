import type { FastifyInstance } from 'fastify';
import { ProblemError } from './problem.js';

interface KnownPath {
  readonly segments: readonly string[];
  readonly methods: Set<string>;
}

/** Answers 405 where a path is known for other methods, and says for which (RFC 9110, 15.5.6). Before the routes. */
export function refuseOtherMethods(fastify: FastifyInstance): void {
  const known = new Map<string, KnownPath>();
  fastify.addHook('onRoute', ({ url, method }) => {
    const path = known.get(url) ?? { segments: url.split('/'), methods: new Set() };
    known.set(url, path);
    for (const one of [method].flat()) path.methods.add(one);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const methods = request.is404 ? methodsOf(request.url, known) : undefined;
    if (methods === undefined) {
      done();
      return;
    }
    reply.header('allow', [...methods].sort().join(', '));
    throw new ProblemError(405, 'method-not-allowed', `${request.method} is not for this path; see Allow`);
  });
}

/** Of the path with the fewest parameters that is like the one asked for. */
function methodsOf(url: string, known: ReadonlyMap<string, KnownPath>): ReadonlySet<string> | undefined {
  const segments = (url.split('?')[0] ?? '').split('/');
  const alike = [...known.values()].filter((path) => isLike(segments, path));
  const [closest] = alike.sort((one, other) => parameterCount(one) - parameterCount(other));
  return closest?.methods;
}

function parameterCount({ segments }: KnownPath): number {
  return segments.filter((segment) => segment.startsWith(':')).length;
}

function isLike(asked: readonly string[], { segments }: KnownPath): boolean {
  if (asked.length !== segments.length) return false;
  return segments.every((segment, index) => (segment.startsWith(':') ? asked[index] !== '' : segment === asked[index]));
}
