import { generatedArtifacts } from '../load/generated-artifacts.js';

const EXPIRES = '2030-01-01T00:00:00Z';
const SPEC_VERSION = '1.0.34';

/** Of 1,000,000 artifacts in 16,384 bins. */
const ARTIFACTS_PER_BIN = 61;
const BINS = 16_384;

/** A bin as it is signed: 12 kB. */
export function specimenBin(): object {
  const artifacts = generatedArtifacts('specimen', 0, ARTIFACTS_PER_BIN).map(({ path, ...file }) => [path, file]);
  return {
    _type: 'targets',
    spec_version: SPEC_VERSION,
    version: 1,
    expires: EXPIRES,
    targets: Object.fromEntries(artifacts),
  };
}

/** A snapshot as it is signed: 557 kB. */
export function specimenSnapshot(): object {
  const bins = Array.from({ length: BINS }, (_, bin) => `bins-${bin.toString(16).padStart(4, '0')}.json`);
  const meta = Object.fromEntries([...bins, 'targets.json'].map((name) => [name, { version: 1_000 }]));
  return { _type: 'snapshot', spec_version: SPEC_VERSION, version: 1, expires: EXPIRES, meta };
}

/** A timestamp as it is signed. */
export function specimenTimestamp(): object {
  const entry = { version: 1, length: 557_000, hashes: { sha256: '0'.repeat(64) } };
  return {
    _type: 'timestamp',
    spec_version: SPEC_VERSION,
    version: 1,
    expires: EXPIRES,
    meta: { 'snapshot.json': entry },
  };
}
