import type { ArtifactPath, TargetFile } from './artifact.js';
import type { SignedMetadata, Targets } from './metadata.js';
import type { RevisionDraft } from './revision-draft.js';
import type { RoleName } from './role-name.js';
import type { Steps } from './steps.js';
import { changedPaths, fileIn } from './targets-content.js';

/** What a revision does to one artifact, as clients find it; `after` is null when they find it no more. */
export interface ArtifactEdit {
  readonly path: ArtifactPath;
  /** The role that lists it or, when it is removed, that listed it. */
  readonly role: RoleName;
  readonly after: TargetFile | null;
}

/** Compares what roles list now with what they listed: the same file listed by another role is an edit, too. */
export function* artifactEdits(
  draft: RevisionDraft,
  next: ReadonlyMap<RoleName, SignedMetadata<Targets> | Targets>,
  retired: readonly RoleName[],
): Steps<ArtifactEdit[]> {
  draft.assertLoadedBefore([...next.keys(), ...retired]);
  const touched = new Map<ArtifactPath, RoleName>(draft.foundElsewhere);
  for (const role of [...next.keys(), ...retired]) {
    const before = draft.publishedBefore(role)?.signed;
    const after = draft.delegationTree.has(role) ? draft.inForce(role) : undefined;
    for (const path of changedPaths(before, after)) touched.set(path, role);
    yield;
  }
  const edits: ArtifactEdit[] = [];
  for (const [path, role] of touched) {
    edits.push(editOf(draft, path, role));
    yield;
  }
  return edits;
}

function editOf(draft: RevisionDraft, path: ArtifactPath, touched: RoleName): ArtifactEdit {
  for (const role of draft.delegationTree.walk(path)) {
    const file = fileIn(draft.inForce(role), path);
    if (file) return { path, role, after: file };
  }
  return { path, role: touched, after: null };
}
