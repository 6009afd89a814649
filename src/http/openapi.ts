import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

const DESCRIPTION = `Signed TUF metadata for the artifacts your pipelines publish.

Every mutation is recorded durably and answered with a task; add \`?wait=SECONDS\` to be answered when clients see it.
Press **Authorize** and paste a token: the first start prints one, and keeps it in \`admin-token\` in the data folder.`;

/** Nest registers these routes itself, so that no decorator can open them. */
const OPENAPI_ROUTE = /^\/api(?!\/v1(?:\/|$))(?:\/|$)/;

/** Swagger UI at /api, the document at /api/openapi.json: for everyone, for it says nothing of this installation. */
export function serveOpenApi(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    if (OPENAPI_ROUTE.test(route.url)) route.config = { ...route.config, access: 'public', isLimited: true };
  });
  const config = new DocumentBuilder()
    .setTitle('TUF Repository Service')
    .setDescription(DESCRIPTION)
    .setVersion('v1')
    .setLicense('MIT', '')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An access token of this service.' })
    .addSecurityRequirements('bearer')
    .addTag('repositories', 'Create and look at TUF repositories.')
    .addTag('artifacts', 'The files that clients can verify; TUF calls them targets.')
    .addTag('tasks', 'What was asked, and what became of it.')
    .addTag('roles', 'Who may sign what: the roles of a repository, delegations, hash bins.')
    .addTag('signing events', 'Metadata that waits for offline signatures.')
    .addTag('keys', 'What this service signs with, and the public halves of what people sign with.')
    .addTag('tokens', 'Who may do what, and until when.')
    .addTag('webhooks', 'Who outside is told what happens.')
    .addTag('audit', 'Who did, asked for or tried what, and how to tell that nobody rewrote it.')
    .addTag('health', 'For load balancers and monitors; open to everyone.')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  SwaggerModule.setup('api', app, document, {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    swaggerOptions: {
      showExtensions: true,
      persistAuthorization: true,
      displayRequestDuration: true,
      docExpansion: 'list',
    },
    customSiteTitle: 'TUF Repository Service',
  });
}
