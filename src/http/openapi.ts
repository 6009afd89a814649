import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

const DESCRIPTION = `Signed TUF metadata for the artifacts your pipelines publish.

Every mutation is recorded durably and answered with a task; add \`?wait=SECONDS\` to be answered when clients see it.
Press **Authorize** and paste a token: the first start prints one, and keeps it in \`admin-token\` in the data folder.`;

/** Swagger UI at /api, the document at /api/openapi.json. */
export function serveOpenApi(app: NestFastifyApplication): void {
  const config = new DocumentBuilder()
    .setTitle('TUF Repository Service')
    .setDescription(DESCRIPTION)
    .setVersion('v1')
    .setLicense('MIT', '')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An access token of this service.' })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  SwaggerModule.setup('api', app, document, {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, docExpansion: 'list' },
    customSiteTitle: 'TUF Repository Service',
  });
}
