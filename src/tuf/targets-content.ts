import type { ArtifactPath, TargetFile } from './artifact.js';
import { sortedByCodePoint } from './canonical-json.js';
import type { Targets } from './metadata.js';

/** What a targets role says; unknown fields of a published version ride along. */
export type TargetsContent = Pick<Targets, 'targets' | 'delegations'>;

export type PathEdits = ReadonlyMap<ArtifactPath, TargetFile | null>;

export function fileIn(content: Pick<TargetsContent, 'targets'> | undefined, path: string): TargetFile | null {
  const targets: Readonly<Record<string, TargetFile>> = content?.targets ?? {};
  return Object.hasOwn(targets, path) ? (targets[path] ?? null) : null;
}

/** The content with each path's file in its place, or without it where that is null. */
export function withEdits<Content extends TargetsContent>(content: Content, edits: PathEdits | undefined): Content {
  if (!edits || edits.size === 0) return content;
  const files = new Map(Object.entries(content.targets) as [ArtifactPath, TargetFile][]);
  for (const [path, after] of edits) {
    if (after) files.set(path, after);
    else files.delete(path);
  }
  const paths = sortedByCodePoint([...files.keys()]) as ArtifactPath[];
  const targets = Object.fromEntries(paths.map((path) => [path, files.get(path)])) as Targets['targets'];
  return { ...content, targets };
}
