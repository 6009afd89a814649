import { parseSettings } from '../settings.js';
import { clientsNamed, clientsReading } from './clients.js';
import { GZIP_LEAVES, STORED_COMPRESSED_FROM_BYTES } from './compression.js';
import { artifactEntryBytes } from './metadata-sizes.js';
import type { PlanAssumptions } from './plan-assumptions.js';
import { expectedBins } from './plan-rates.js';
import { type PlanRow, planRow } from './plan-row.js';
import { repositoryPlan } from './repository-plan.js';

const { lifetimes } = parseSettings({});

const INDEX: PlanAssumptions = {
  artifacts: 1_000_000,
  artifact: { pathBytes: 60, fileBytes: 1_000_000, sha512: false, customBytes: 0 },
  changesPerDay: 1_000,
  changesPerPublish: 1,
  clients: 10_000,
  updatesPerDay: 1,
  artifactsPerUpdate: 1,
  firstUpdates: 0,
  binsKind: 'succinct',
  rootKeys: 3,
  onlineKeys: 1,
  lifetimes,
  readBy: clientsNamed(['python-tuf']),
};

const recommended = (assumptions: Partial<PlanAssumptions>) =>
  repositoryPlan({ ...INDEX, ...assumptions }).recommended?.bins;

describe('a plan', () => {
  test('has a row for each number of bins that a repository can have, and one for none', () => {
    const { rows } = repositoryPlan(INDEX);
    expect(rows.map(({ bins }) => bins)).toEqual([
      0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384,
    ]);
  });

  test('recommends what clients download least with', () => {
    const { rows, recommended } = repositoryPlan(INDEX);
    const least = Math.min(...rows.map(({ download }) => download.average));
    expect(rows.find(({ bins }) => bins === recommended?.bins)?.download.average).toBeLessThan(1.05 * least);
    expect(recommended).toEqual({ bins: 2_048, butFor: null });
  });

  test.each<[string, Partial<PlanAssumptions>, number | undefined]>([
    ['none for an artifact or two', { artifacts: 2 }, 0],
    ['more for more artifacts', { artifacts: 16_000_000 }, 8_192],
    ['more where clients compress, for snapshot compresses best', { readBy: clientsNamed(['go-tuf']) }, 4_096],
    ['more where clients look for more artifacts', { artifactsPerUpdate: 10 }, 8_192],
    ['no more than tuf-js bears', { readBy: clientsReading('succinct') }, 1_024],
    ['no succinct bins to tough, which cannot read them', { readBy: clientsNamed(['tough']), artifacts: 1_000 }, 0],
  ])('recommends %s', (_, assumptions, bins) => {
    expect(recommended(assumptions)).toBe(bins);
  });

  test('says what would be better, but for the limits of clients', () => {
    expect(repositoryPlan({ ...INDEX, readBy: clientsReading('succinct') }).recommended).toMatchObject({
      bins: 1_024,
      butFor: { bins: 2_048, warnings: [{ code: 'bins-slow' }] },
    });
  });

  test('recommends nothing where no number suits', () => {
    const { rows, recommended } = repositoryPlan({ ...INDEX, readBy: clientsNamed(['php-tuf']), rootKeys: 1_000 });
    expect(recommended).toBeNull();
    expect(rows.every(({ warnings }) => warnings.length > 0)).toBe(true);
  });
});

describe('a row', () => {
  const row = (assumptions: Partial<PlanAssumptions>, bins = 256): PlanRow =>
    planRow({ ...INDEX, artifacts: 10_000, ...assumptions }, bins);

  test('an update is timestamp, snapshot and the bins of what is looked for; a first one root and targets, too', () => {
    const { files, download } = row({});
    const { root, timestamp, snapshot, targets, bin, binOfArtifact } = files;
    const found = binOfArtifact ?? 0;
    expect(found - (bin ?? 0)).toBeCloseTo((1 - 1 / 256) * artifactEntryBytes(INDEX.artifact));
    expect(download.returning).toBeCloseTo(timestamp + snapshot + found);
    expect(download.first).toBeCloseTo(root + timestamp + snapshot + targets + found);
    expect(row({ firstUpdates: 0.25 }).download.average).toBeCloseTo(0.25 * download.first + 0.75 * download.returning);
  });

  test('tough downloads every bin', () => {
    const { files, download } = row({ readBy: clientsNamed(['tough']), binsKind: 'classic' });
    expect(download.returning).toBeCloseTo(files.timestamp + files.snapshot + 256 * (files.bin ?? 0));
  });

  test('a publish writes the bins concerned, snapshot and timestamp', () => {
    const { files, bytesPerPublish } = row({ changesPerPublish: 10 });
    const touched = expectedBins(256, 10);
    expect(touched).toBeGreaterThan(9.7);
    expect(bytesPerPublish).toBeCloseTo(touched * (files.binOfArtifact ?? 0) + files.snapshot + files.timestamp);
    const alone = planRow({ ...INDEX, artifacts: 100 }, 0);
    expect(alone.bytesPerPublish).toBeCloseTo(alone.files.targets + alone.files.snapshot + alone.files.timestamp);
  });

  test('who finds nothing new downloads timestamp alone', () => {
    const quiet = row({ changesPerDay: 0, updatesPerDay: 24 });
    const { timestamp } = quiet.files;
    expect(quiet.perDay.egress / (10_000 * 24)).toBeGreaterThan(timestamp);
    // 256 bins are renewed one after the other, so that something is new every 90 minutes or so.
    expect(quiet.perDay.egress / (10_000 * 24)).toBeLessThan(timestamp + 0.6 * quiet.download.returning);
    const busy = row({ changesPerDay: 100_000, updatesPerDay: 24 });
    expect(busy.perDay.egress).toBeCloseTo(10_000 * 24 * busy.download.returning, -3);
  });

  test('without changes, each role is renewed in its time', () => {
    const { perDay } = row({ changesPerDay: 0 });
    const bins = 256 / (0.75 * 22.5);
    expect(perDay.renewalSignatures).toBeGreaterThan(3 * bins);
    expect(perDay.renewalSignatures).toBeLessThan(3 * bins + 3);
    expect(perDay.signatures).toBe(perDay.renewalSignatures);
    expect(row({ changesPerDay: 0, onlineKeys: 2 }).perDay.signatures).toBe(2 * perDay.signatures);
  });

  test('what is stored is every new version', () => {
    const { perDay, bytesPerPublish, files } = row({ changesPerDay: 10_000 });
    expect(files.snapshot).toBeLessThan(STORED_COMPRESSED_FROM_BYTES.snapshot);
    expect(files.binOfArtifact).toBeLessThan(STORED_COMPRESSED_FROM_BYTES.listing);
    expect(perDay.stored / (10_000 * bytesPerPublish)).toBeCloseTo(1, 2);
    const large = row({ changesPerDay: 10_000, artifacts: 1_000_000 });
    expect(large.perDay.stored / (10_000 * large.bytesPerPublish)).toBeCloseTo(GZIP_LEAVES.listing, 1);
  });
});
