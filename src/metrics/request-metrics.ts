import type { FastifyInstance } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';
import { directAnswers } from '../telemetry.js';

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
    fastify.addHook('onResponse', (request, { statusCode, elapsedTime }, done) => {
      this.add(request.routeOptions.url ?? 'unknown', request.method, statusCode, elapsedTime / 1_000);
      done();
    });
  }

  /** Has the answers counted that do not come from Fastify. @returns what ends that. */
  watchDirect(): () => void {
    return directAnswers.listen(({ route, method, status, seconds }) => this.add(route, method, status, seconds));
  }

  private add(route: string, method: string, status: number, seconds: number): void {
    this.count.inc({ route, method, status });
    this.seconds.observe({ route, method }, seconds);
  }
}
