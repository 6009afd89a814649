import { getJson } from '../support/api.js';
import { startService, type TestService } from '../support/service.js';

interface Schema {
  readonly description?: string;
  readonly properties?: Record<string, Schema & { readonly allOf?: unknown }>;
}

interface Operation {
  readonly summary?: string;
  readonly tags?: string[];
  readonly parameters?: { readonly name: string; readonly description?: string }[];
  readonly responses: Record<string, object>;
}

interface OpenApi {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

let service: TestService;
let document: OpenApi;

beforeAll(async () => {
  service = await startService();
  document = await getJson(`${service.url}/api/openapi.json`);
});

afterAll(() => service.stop());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  );

describe('the OpenAPI document', () => {
  test('describes every field', () => {
    const undescribed = Object.entries(document.components.schemas).flatMap(([schema, { properties = {} }]) =>
      Object.entries(properties).flatMap(([field, { description }]) => (description ? [] : [`${schema}.${field}`])),
    );
    expect(undescribed).toEqual([]);
  });

  test('describes every parameter, and gives every operation a summary, a tag and its success', () => {
    const faults = operations().flatMap(({ name, operation }) => [
      ...(operation.parameters ?? []).flatMap(({ name: parameter, description }) =>
        description ? [] : [`${name}: ${parameter}`],
      ),
      ...(operation.summary && operation.tags?.length ? [] : [`${name}: no summary or tag`]),
      ...(Object.keys(operation.responses).some((status) => status.startsWith('2')) ? [] : [`${name}: no success`]),
    ]);
    expect(faults).toEqual([]);
  });

  test('says that the API answers 401 without a token', () => {
    const open = operations().filter(({ operation }) => !operation.responses['401']);
    expect(open.map(({ name }) => name)).toEqual(['get /health/live', 'get /health/ready']);
  });

  test('is shown by Swagger UI', async () => {
    const page = await (await fetch(`${service.url}/api`)).text();
    expect(page).toContain('TUF Repository Service');
    expect((await fetch(`${service.url}/api/swagger-ui-bundle.js`)).status).toBe(200);
  });
});
