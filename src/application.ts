import { type INestApplication, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { admitRequests } from './access/admission.js';
import { AppModule } from './app.module.js';
import { auditRefusals } from './audit/audit-refusals.js';
import { RefusedAttemptRecorder } from './audit/refused-attempt-recorder.service.js';
import { type Clock, SystemClock } from './clock.js';
import { KeyStore } from './database/key.store.js';
import type { Environment } from './environment.js';
import { limitBodyTime } from './http/bounds/body-deadline.js';
import { limitBodies } from './http/bounds/body-limit.js';
import { limitConnections, serverOptions } from './http/bounds/connections.js';
import type { HttpSettings } from './http/bounds/http-settings.js';
import { answerClientError } from './http/client-error.js';
import { allowOrigins } from './http/cross-origin.js';
import { acceptJsonOnly } from './http/json-body.js';
import { serveOpenApi } from './http/openapi.js';
import { refuseOtherMethods } from './http/other-methods.js';
import { ProblemFilter, sendProblem } from './http/problem.filter.js';
import { setSecurityHeaders } from './http/security-headers.js';
import { acceptSoundJsonOnly } from './http/sound-json.js';
import { acceptStreams } from './http/streamed-body.js';
import { validationPipe } from './http/validation.js';
import { isLocal } from './key-vaults/key-uri.js';
import type { KeyUri } from './key-vaults/key-vault.js';
import { SigningProbe } from './key-vaults/signing-probe.service.js';
import { requestIdOf, tellRequestIds } from './logging/request-id.js';
import { logRequests } from './logging/request-log.js';
import { ServiceLogger } from './logging/service-logger.js';
import { KnownDownloads } from './metadata/known-downloads.service.js';
import { MetricsService } from './metrics/metrics.service.js';

const MAXIMUM_URL_PARAMETER_LENGTH = 8_192;

/** What tests put in the place of the real ones. */
interface ApplicationParts {
  readonly clock?: Clock;
  readonly logger?: ServiceLogger;
}

/** Puts the service together, ready to listen. @throws Error when its database or its keys are out of reach. */
export async function createApplication(
  environment: Environment,
  databaseUrl: string,
  { clock = new SystemClock(), logger = ServiceLogger.for(environment, databaseUrl) }: ApplicationParts = {},
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    ...serverOptions(environment.http),
    genReqId: requestIdOf,
    routerOptions: { maxParamLength: MAXIMUM_URL_PARAMETER_LENGTH },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply) => void sendProblem(error, reply), // e.g. a URL that cannot be decoded
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(environment, databaseUrl, clock),
    adapter,
    {
      logger,
      abortOnError: false,
      bodyParser: false, // Fastify's own, which reads JSON and nothing else once text is taken away
    },
  );
  await protect(app, environment.http);
  configureHttp(app);
  await admitRequests(app, environment.http);
  answerKnownDownloadsFirst(app, environment.http);
  await assertKeysSign(app);
  return app;
}

/** What stands between the modules and whoever is out there. */
async function protect(app: NestFastifyApplication, settings: HttpSettings): Promise<void> {
  limitConnections(app, settings);
  const fastify = app.getHttpAdapter().getInstance();
  limitBodies(fastify, settings.bodyLimitBytes);
  limitBodyTime(fastify, settings.bodyTimeoutMs);
  setSecurityHeaders(app);
  await allowOrigins(app, settings.corsOrigins);
}

// For pages of other origins answers say more, and that depends on the request.
function answerKnownDownloadsFirst(app: NestFastifyApplication, { corsOrigins }: HttpSettings): void {
  if (corsOrigins.length === 0) app.get(KnownDownloads).standBefore(app.getHttpServer());
}

/** What HTTP needs beyond the modules; tests of single parts use it too. */
export function configureHttp(app: NestFastifyApplication): void {
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter());
  const fastify = app.getHttpAdapter().getInstance();
  acceptJsonOnly(fastify);
  acceptStreams(fastify);
  refuseOtherMethods(fastify);
  acceptSoundJsonOnly(fastify);
  tellRequestIds(fastify);
  logRequests(fastify);
  auditRefusals(fastify, app.get(RefusedAttemptRecorder));
  app.get(MetricsService).requests.watch(fastify);
  serveOpenApi(app);
}

// A service that cannot sign with its own files would let its metadata expire: better not to start, and to say why.
// A vault elsewhere may come back, and until then everything but publishing works.
async function assertKeysSign(app: INestApplication): Promise<void> {
  const probe = app.get(SigningProbe);
  const keys = await app.get(KeyStore).onlineKeys();
  const { local = [], remote = [] } = Object.groupBy(keys, ({ uri }) => (isLocal(uri as KeyUri) ? 'local' : 'remote'));
  for (const key of local) await probe.assertSigns(key);
  await Promise.all(remote.map((key) => probe.assertSigns(key).catch(warnOfVault)));
}

function warnOfVault(error: Error): void {
  new Logger(SigningProbe.name).warn(`a key vault does not sign; publishing waits for it: ${error.message}`);
}
