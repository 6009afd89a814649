import { createHash } from 'node:crypto';

export interface DescribedArtifact {
  readonly path: string;
  readonly length: number;
  readonly hashes: { readonly sha256: string; readonly sha512?: string };
  readonly custom?: unknown;
}

/** What a publisher says of a file with this content. */
export function artifact(path: string, content: string | Buffer = path, custom?: unknown): DescribedArtifact {
  const bytes = Buffer.from(content);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const described = { path, length: bytes.length, hashes: { sha256 } };
  return custom === undefined ? described : { ...described, custom };
}
