import { Api, getJson } from '../support/api.js';
import { readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';

interface Schema {
  readonly description?: string;
  readonly example?: unknown;
  readonly items?: Schema;
  readonly $ref?: string;
  readonly properties?: Record<string, Schema & { readonly allOf?: unknown }>;
}

type Examples = Readonly<Record<string, { readonly value: object }>>;

interface Operation {
  readonly summary?: string;
  readonly tags?: string[];
  readonly parameters?: { readonly name: string; readonly description?: string }[];
  readonly responses: Record<string, object>;
  readonly requestBody?: {
    readonly content: Record<string, { readonly schema: Schema; readonly examples?: Examples }>;
  };
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
    expect(open.map(({ name }) => name)).toEqual(['get /health/live', 'get /health/ready', 'get /health/fresh']);
  });

  test.each([
    '/api/v1/keys',
    '/api/v1/repositories/{repository}/artifacts',
    '/api/v1/repositories/{repository}/artifacts/removals',
    '/api/v1/repositories/{repository}/roles/renewals',
  ])('has an example for POST %s that works when pasted', async (path) => {
    const api = new Api(service);
    const { name } = await readyRepository(api);
    await api.post(
      `/repositories/${name}/artifacts?wait=30`,
      exampleFor('/api/v1/repositories/{repository}/artifacts'),
    );
    const route = path.replace('{repository}', name).replace('/api/v1', '');
    const { status } = await api.post(`${route}?wait=30`, exampleFor(path));
    expect([200, 201]).toContain(status);
  });

  test('has an example for each way to register a key that works when pasted', async () => {
    const examples = document.paths['/api/v1/keys']?.post?.requestBody?.content['application/json']?.examples ?? {};
    const api = new Api(service);
    const answers = await Promise.all(Object.values(examples).map(({ value }) => api.post('/keys', value)));
    expect(answers.map(({ body }) => body.kind)).toEqual(['online', 'offline']);
  });

  test('has an example for PATCH /api/v1/keys/{keyId} that works when pasted', async () => {
    const api = new Api(service);
    const { body: key } = await api.post('/keys', { name: 'before' });
    const example = exampleFor('/api/v1/keys/{keyId}', 'patch');
    expect(await api.patch(`/keys/${key.keyId}`, example)).toMatchObject({ status: 200, body: example });
  });

  test('shows as example of settings what is the default', async () => {
    const { settings } = exampleFor('/api/v1/repositories') as { settings: object };
    const { name } = await readyRepository(new Api(service), settings);
    expect((await new Api(service).get(`/repositories/${name}`)).body.settings).toMatchObject({
      bins: { count: 256, kind: 'succinct' },
    });
  });

  test('is shown by Swagger UI', async () => {
    const page = await (await fetch(`${service.url}/api`)).text();
    expect(page).toContain('TUF Repository Service');
    const bundle = await fetch(`${service.url}/api/swagger-ui-bundle.js`);
    expect([bundle.status, (await bundle.text()).includes('SwaggerUIBundle')]).toEqual([200, true]);
  });
});

/** The example that Swagger UI builds from the examples of the fields. */
function exampleFor(path: string, method = 'post'): unknown {
  const body = document.paths[path]?.[method]?.requestBody;
  const schema = body?.content['application/json']?.schema;
  if (!schema) throw new Error(`${method} ${path} takes no JSON`);
  return exampleOf(schema);
}

function exampleOf(schema: Schema & { readonly allOf?: unknown }): unknown {
  if (schema.example !== undefined) return schema.example;
  const [inherited] = (schema.allOf ?? []) as Schema[];
  const reference = schema.$ref ?? inherited?.$ref;
  if (reference) return exampleOf(document.components.schemas[reference.split('/').at(-1) ?? ''] ?? {});
  if (schema.items) return [exampleOf(schema.items)];
  return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([field, of]) => [field, exampleOf(of)]));
}
