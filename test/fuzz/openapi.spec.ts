import { jest } from '@jest/globals';
import { Api, getJson } from '../support/api.js';
import { LocalIssuer } from '../support/local-issuer.js';
import { pythonMissing } from '../support/python-environment.js';
import { startService, type TestService } from '../support/service.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { furnish } from './scene.js';
import { type FuzzReport, runSchemathesis } from './schemathesis.js';

const LONGEST_MS = 600_000;
/** The last one where several are given: that of the npm script, unless who calls it gives another. */
const seed = Number([jest.getSeed()].flat().at(-1));
const missing = await pythonMissing();

if (missing === null) describe('the API, asked for what its OpenAPI document says and what it rules out', judge);
else if (process.env.CI) {
  test('Schemathesis has its toolchain, in CI', () => {
    throw new Error(missing);
  });
} else test.skip(`Schemathesis is not tried: ${missing}`, () => undefined);

function judge(): void {
  let service: TestService;
  let issuer: LocalIssuer;
  let receiver: WebhookReceiver;
  let operations: string[];
  let report: FuzzReport;

  beforeAll(async () => {
    issuer = await LocalIssuer.start();
    receiver = await WebhookReceiver.start();
    receiver.answerTo = () => 500;
    service = await startService({
      environment: {
        TRS_OIDC_ISSUERS: issuer.url,
        TRS_WEBHOOK_NETWORKS: '127.0.0.0/8',
        TRS_RATE_LIMIT_ADDRESS: '0', // it tries many tokens in vain, and is to be answered 401
      },
    });
    const document = `${service.url}/api/openapi.json`;
    operations = operationsOf((await getJson(document)).paths);
    const scene = await furnish(service, { issuer: issuer.url, receiver: receiver.url });
    const asked = { document, token: service.token, tokenId: await ownTokenId(), seed };
    report = await runSchemathesis(asked, scene);
  }, LONGEST_MS);

  afterAll(async () => {
    await service.stop();
    await receiver.stop();
    await issuer.stop();
  });

  test('never fails, and answers with no status, header or body that the document does not have', () => {
    if (report.exitCode !== 0) throw new Error(`Seed ${report.seed}\n${report.output}`);
  });

  test('was asked for every operation, and each did what it is for at least once', () => {
    expect(operations.length).toBeGreaterThan(50);
    expect(report.operations).toMatchObject({ selected: operations.length, tested: operations.length });
    expect(operations.filter((operation) => !report.succeeded.has(operation))).toEqual([]);
    expect([report.seed, report.testCases > 50 * operations.length]).toEqual([seed, true]);
  });

  test('still serves those who ask for the right things', async () => {
    expect((await new Api(service).get('/repositories/demo')).body.state).toBe('ready');
    expect((await getJson(`${service.url}/health/live`)).status).toBe('live');
  });

  async function ownTokenId(): Promise<string> {
    const { items } = (await new Api(service).get('/tokens')).body;
    return items.find(({ name }: { name: string }) => name === 'administrator').id;
  }
}

function operationsOf(paths: Record<string, object>): string[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}
