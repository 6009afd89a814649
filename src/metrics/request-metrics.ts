import type { FastifyInstance } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300];

/** Requests by the template of their route: the paths themselves are endless, and say what they should not. */
export class RequestMetrics {
  private readonly count: Counter<'route' | 'method' | 'status'>;
  private readonly seconds: Histogram<'route' | 'method'>;

  constructor(registry: Registry) {
    this.count = new Counter({
      name: 'trs_http_requests_total',
      help: 'Answered requests.',
      labelNames: ['route', 'method', 'status'],
      registers: [registry],
    });
    this.seconds = new Histogram({
      name: 'trs_http_request_duration_seconds',
      help: 'Seconds until a request was answered.',
      labelNames: ['route', 'method'],
      buckets: SECONDS,
      registers: [registry],
    });
  }

  /** Has every answer of this server counted. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      const labels = { route: request.routeOptions.url ?? 'unknown', method: request.method };
      this.count.inc({ ...labels, status: reply.statusCode });
      this.seconds.observe(labels, reply.elapsedTime / 1_000);
      done();
    });
  }
}
