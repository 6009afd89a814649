import rateLimit from '@fastify/rate-limit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasBody, lingerBriefly } from '../http/bounds/body-deadline.js';
import type { HttpSettings } from '../http/bounds/http-settings.js';
import { RateLimits } from '../http/bounds/rate-limits.js';
import { RequestsInHand } from '../http/bounds/requests-in-hand.js';
import { principalOrNull } from '../http/principal.js';
import { ProblemError } from '../http/problem.js';
import { AccessControl } from './access-control.service.js';

/** Has every request admitted before its body is read; what clients download costs no more than this look. */
export async function admitRequests(app: NestFastifyApplication, settings: HttpSettings): Promise<void> {
  await app.register(rateLimit, { global: false });
  const fastify = app.getHttpAdapter().getInstance();
  const limits = new RateLimits(fastify, settings.rateLimits);
  const admission = new Admission(app.get(AccessControl), limits, new RequestsInHand(settings));
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isForEveryClient(request)) done();
    else admission.admit(request, reply).then(() => done(), done);
  });
}

function isForEveryClient(request: FastifyRequest): boolean {
  const { access, isLimited = false, moreWith } = request.routeOptions.config;
  const isRecognised = moreWith !== undefined && request.headers.authorization !== undefined;
  return access === 'public' && !isLimited && !isRecognised && !hasBody(request);
}

/** From the cheapest check to the dearest, so that load is refused for as little as possible. */
class Admission {
  constructor(
    private readonly access: AccessControl,
    private readonly limits: RateLimits,
    private readonly inHand: RequestsInHand,
  ) {}

  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    try {
      if (request.is404) throw new ProblemError(404, 'route-unknown', `Cannot ${request.method} ${request.url}`);
      await this.limits.countAddress(request);
      await this.findPrincipal(request);
      this.inHand.take(request, reply);
    } catch (error) {
      if (hasBody(request)) lingerBriefly(request);
      throw error;
    }
  }

  private async findPrincipal(request: FastifyRequest): Promise<void> {
    const beforeGuess = () => this.limits.assertFewGuesses(request);
    const { access, moreWith } = request.routeOptions.config;
    try {
      if (access !== 'public') await this.access.admit(request, beforeGuess);
      else if (moreWith !== undefined && !(await this.access.recognise(request, moreWith, beforeGuess))) {
        await this.limits.countGuess(request);
      }
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) await this.limits.countGuess(request);
      throw error;
    }
    if (principalOrNull(request)) await this.limits.countPrincipal(request);
  }
}
