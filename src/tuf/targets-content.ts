import { type ArtifactPath, sameTargetFile, type TargetFile } from './artifact.js';
import { sortedByCodePoint } from './canonical-json.js';
import type { ListedFiles, Targets } from './metadata.js';
import { TargetFiles } from './target-files.js';

/** What a targets role says; unknown fields of a published version ride along. */
export type TargetsContent = Pick<Targets, 'targets' | 'delegations'>;

type Listing = Pick<TargetsContent, 'targets'>;

export type PathEdits = ReadonlyMap<ArtifactPath, TargetFile | null>;

export function fileIn(content: Listing | undefined, path: string): TargetFile | null {
  const { targets } = content ?? NOTHING;
  if (targets instanceof TargetFiles) return targets.get(path);
  if (isEmpty(targets)) return null;
  return Object.hasOwn(targets, path) ? (targets[path as ArtifactPath] ?? null) : null;
}

export function pathsIn(content: Listing | undefined): ArtifactPath[] {
  const { targets } = content ?? NOTHING;
  return targets instanceof TargetFiles ? targets.paths() : (Object.keys(targets) as ArtifactPath[]);
}

/** As it is on the wire. */
export function filesIn({ targets }: Listing): Exclude<ListedFiles, TargetFiles> {
  return targets instanceof TargetFiles ? targets.toJSON() : targets;
}

/** The paths that a later version says otherwise of, or not at all any more. */
export function changedPaths(before: Listing | undefined, after: Listing | undefined): ArtifactPath[] {
  const [earlier, later] = [before ?? NOTHING, after ?? NOTHING];
  if (earlier.targets === later.targets) return [];
  if (earlier.targets instanceof TargetFiles && later.targets instanceof TargetFiles) {
    return later.targets.changedSince(earlier.targets).map(({ path }) => path);
  }
  const paths = new Set([...pathsIn(earlier), ...pathsIn(later)]);
  return [...paths].filter((path) => !sameTargetFile(fileIn(earlier, path), fileIn(later, path)));
}

/** The paths that only a later version lists. */
export function addedPaths(before: Listing | undefined, after: Listing): ArtifactPath[] {
  if (before?.targets instanceof TargetFiles && after.targets instanceof TargetFiles) {
    return after.targets.changedSince(before.targets).flatMap(({ path, isNew }) => (isNew ? [path] : []));
  }
  return pathsIn(after).filter((path) => fileIn(before, path) === null);
}

/** The content with each path's file in its place, or without it where that is null. */
export function withEdits<Content extends TargetsContent>(content: Content, edits: PathEdits | undefined): Content {
  if (!edits || edits.size === 0) return content;
  const { targets } = content;
  return { ...content, targets: targets instanceof TargetFiles ? targets.with(edits) : edited(targets, edits) };
}

function edited(targets: Exclude<ListedFiles, TargetFiles>, edits: PathEdits): ListedFiles {
  const files = new Map(Object.entries(targets) as [ArtifactPath, TargetFile][]);
  for (const [path, after] of edits) {
    if (after) files.set(path, after);
    else files.delete(path);
  }
  const paths = sortedByCodePoint([...files.keys()]) as ArtifactPath[];
  return Object.fromEntries(paths.map((path) => [path, files.get(path)])) as ListedFiles;
}

/** A role that only delegates is asked for every path; V8 has to look each up in its table of all names of properties. */
function isEmpty(targets: Exclude<ListedFiles, TargetFiles>): boolean {
  const known = foundEmpty.get(targets);
  if (known !== undefined) return known;
  const isEmpty = Object.keys(targets).length === 0;
  foundEmpty.set(targets, isEmpty);
  return isEmpty;
}

const foundEmpty = new WeakMap<object, boolean>();

const NOTHING: Listing = { targets: {} };
