import { createHash } from 'node:crypto';
import { type Artifact, parseArtifact } from '../artifact.js';
import type { Json } from '../canonical-json.js';

/** A valid artifact; other content gives another length and hash. */
export function artifact(path: string, content = path, custom?: Json): Artifact {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const described = { path, length: Buffer.byteLength(content), hashes: { sha256 } };
  return parseArtifact(custom === undefined ? described : { ...described, custom }, 'artifact');
}
