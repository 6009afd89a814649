import type { ServerResponse } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import helmet, { type HelmetOptions } from 'helmet';

const OPTIONS: HelmetOptions = {
  contentSecurityPolicy: {
    directives: {
      'font-src': ["'self'", 'data:'],
      'style-src': ["'self'", "'unsafe-inline'"], // Swagger UI writes styles into its page
      // behind a proxy for TLS there is nothing to upgrade, and without one there is nothing to upgrade to
      'upgrade-insecure-requests': null,
    },
  },
  strictTransportSecurity: { includeSubDomains: false }, // this service speaks for its own name alone
};

/** Tells browsers what to be careful with. TUF clients are no browsers: what they download does without. */
export function setSecurityHeaders(app: NestFastifyApplication): void {
  const headers = helmetHeaders();
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      if (request.routeOptions.config.isDownload !== true) reply.headers(headers);
      done();
    });
}

/** Always the same, so they are made once: helmet makes its policy anew for each request, and takes twenty times the rest. */
function helmetHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  const recorder = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => undefined,
  };
  helmet(OPTIONS)({} as never, recorder as unknown as ServerResponse, () => undefined);
  return headers;
}
