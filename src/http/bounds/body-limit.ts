import type { FastifyInstance } from 'fastify';
import { withRouteSettings } from '../route-rule.js';

/** Enough for everything but lists and metadata. */
export const USUAL_BODY_BYTES = 262_144;

/** For a route that takes lists of artifacts or paths, or metadata: the operator says how long they may be. */
export const LargeBody = () => withRouteSettings({ takesLargeBody: true });

/** Gives each route its limit; it holds before anything of a body is parsed. */
export function limitBodies(fastify: FastifyInstance, largeBytes: number): void {
  fastify.addHook('onRoute', (route) => {
    route.bodyLimit = route.config?.takesLargeBody === true ? largeBytes : Math.min(USUAL_BODY_BYTES, largeBytes);
  });
}
