import { createHash } from 'node:crypto';
import type { DescribedArtifact } from '../../test/support/artifacts.js';

/**
 * The artifact number `index` of a series: always the same, with a path as long as those of a package index, so that 61
 * of them make a bin of 12 kB. Different series have no path in common.
 */
export function generatedArtifact(series: string, index: number): DescribedArtifact {
  const sha256 = createHash('sha256').update(`${series} ${index}`).digest('hex');
  const folder = `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256.slice(4, 44)}`;
  return {
    path: `packages/${folder}/${series}-project-${index}-1.${index % 10}.0.tar.gz`,
    length: 1_000 + ((index * 7_919) % 10_000_000),
    hashes: { sha256 },
  };
}

export function generatedArtifacts(series: string, first: number, count: number): DescribedArtifact[] {
  return Array.from({ length: count }, (_, offset) => generatedArtifact(series, first + offset));
}

const LINES_PER_CHUNK = 500;

/** One JSON object per line, made as fast as they are read. */
export function* generatedLines(series: string, first: number, count: number): Generator<string> {
  for (let done = 0; done < count; done += LINES_PER_CHUNK) {
    const chunk = generatedArtifacts(series, first + done, Math.min(LINES_PER_CHUNK, count - done));
    yield chunk.map((artifact) => `${JSON.stringify(artifact)}\n`).join('');
  }
}
