import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { readyRepository } from '../support/ceremony.js';
import { startService, type TestService } from '../support/service.js';
import { TrsDesk } from '../support/trs-desk.js';

interface Row {
  readonly bins: number;
  readonly files: { readonly bin: number | null; readonly snapshot: number; readonly targets: number };
  readonly warnings: readonly { readonly code: string }[];
}

let service: TestService;
let desk: TrsDesk;

beforeAll(async () => {
  service = await startService();
  // Without a server: nothing listens there.
  desk = await TrsDesk.at({ url: 'http://127.0.0.1:1', token: 'none' });
});

afterAll(async () => {
  await desk.leave();
  await service.stop();
});

const plan = (...args: string[]) => desk.json('plan', ...args);
const row = (rows: readonly Row[], bins: number) => rows.find((one) => one.bins === bins);

describe('trs plan', () => {
  test('shows bins side by side, recommends some with the reason, and warns of limits of clients', async () => {
    const out = await desk.fine(['plan', '--artifacts', '1M', '--per-day', '1000', '--clients', '10k']);
    expect(out).toContain('1,000,000 artifacts with sha256, paths of 60 bytes; 1,000 change a day, 1 at once.');
    expect(out).toMatch(/^ +Bins +Bin +Snapshot +First update +Update +Per publish .*Egress\/day +Stored\/day/m);
    for (const bins of ['none', '2', '256', '16,384']) expect(out).toMatch(new RegExp(`^ *${bins} +[\\d.-]+`, 'm'));
    expect(out).toMatch(/^ *1,024 .* recommended$/m);
    expect(out).toMatch(/Recommended: 1,024 bins\. .*2,048 bins would be 149 kB, but for the limits below\./);
    expect(out).toMatch(/2,048 bins to 16,384 bins: tuf-js takes long with more than 1,024 bins/);
  });

  test('aligns its columns', async () => {
    const out = await desk.fine(['plan', '--artifacts', '1M']);
    const lines = out.split('\n').filter((line) => /^ *(?:none|[\d,]+) +[-\d]/.test(line));
    expect(lines).toHaveLength(15);
    expect(new Set(lines.map((line) => line.replace(/ {2}\S[^\d]*$/, '').trimEnd().length)).size).toBe(1);
  });

  test('is about the clients that matter', async () => {
    const { recommended, assumptions } = await plan('--artifacts', '1M', '--read-by', 'python-tuf');
    expect(assumptions.readBy).toEqual(['python-tuf']);
    expect(recommended).toEqual({ bins: 2_048, butFor: null });
    const compressed = await plan('--artifacts', '1M', '--read-by', 'go-tuf');
    expect(compressed.recommended.bins).toBeGreaterThan(2_048);
  });

  test('predicts what a service really publishes', async () => {
    const api = new Api(service);
    const { name } = await readyRepository(api, { bins: { count: 64 } });
    const artifacts = Array.from({ length: 3_000 }, (_, index) => artifact(`releases/${1_000_000 + index}/app.tar.gz`));
    await api.post(`/repositories/${name}/artifacts?wait=60`, { artifacts });
    const { sizes } = (await api.get(`/repositories/${name}`)).body;
    const shape = ['--path-bytes', '27', '--file-bytes', '27', '--root-keys', '1'];
    // Version numbers as they are: nothing changes, and nothing is renewed within the year.
    const years = ['timestamp', 'snapshot', 'bins', 'targets'].flatMap((role) => ['--expiry', `${role}=3650`]);
    const { rows } = await plan('--artifacts', '3000', '--per-day', '0', ...shape, ...years);
    const { files } = row(rows, 64) ?? {};
    expect(sizes.delegated / 64 / (files?.bin ?? 0)).toBeCloseTo(1, 2);
    expect(sizes.snapshot / (files?.snapshot ?? 0)).toBeCloseTo(1, 2);
    expect(sizes.targets / (files?.targets ?? 0)).toBeCloseTo(1, 2);
  });

  test.each([
    [['plan'], /required option '--artifacts/],
    [['plan', '--artifacts', 'many'], /must be a number such as/],
    [['plan', '--artifacts', '1.5'], /must be a whole number/],
    [['plan', '--artifacts', '10', '--per-publish', '0'], /must be more than 0/],
    [['plan', '--artifacts', '10', '--first-updates', '101'], /percentage from 0 to 100/],
    [['plan', '--artifacts', '10', '--path-bytes', '2000'], /from 1 to 1024/],
    [['plan', '--artifacts', '10', '--custom-bytes', '3'], /7 to 65536/],
    [['plan', '--artifacts', '10', '--read-by', 'curl'], /Allowed choices are python-tuf/],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await desk.trs(args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});

describe('trs repository show', () => {
  test('shows sizes, and the same warnings', async () => {
    const { name } = await readyRepository(new Api(service), { bins: { count: 2_048 } });
    const at = { TRS_SERVER: service.url, TRS_TOKEN: service.token };
    const out = await desk.fine(['repository', 'show', name], at);
    expect(out).toMatch(/Sizes +snapshot 61\.8 kB, targets \d+ B\n/);
    expect(out).toMatch(/Limits to think about \(trs plan\):\n {2}- tuf-js takes long with more than 1,024 bins/);
  });
});
