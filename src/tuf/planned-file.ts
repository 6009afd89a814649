import type { ArtifactPath, TargetFile } from './artifact.js';
import type { DelegationTree } from './delegation-tree.js';
import type { RevisionDraft } from './revision-draft.js';
import type { RoleName } from './role-name.js';

/** Where a path is listed, or handed over from, once everything that waits has its signatures. */
export interface PlannedPlace {
  readonly role: RoleName;
  /** Null where it is settled that nothing is listed. */
  readonly file: TargetFile | null;
  readonly isHandedOver: boolean;
}

/** @param tree with what waits; null where nothing is planned for the path. */
export function plannedPlaceOf(draft: RevisionDraft, tree: DelegationTree, path: ArtifactPath): PlannedPlace | null {
  const walk = tree.walk(path);
  for (const role of walk) {
    const file = draft.plannedFile(role, path);
    if (file) return { role, file, isHandedOver: false };
  }
  for (const { role } of draft.events.open()) {
    const file = draft.handedOver(role, path);
    if (file !== undefined) return { role, file, isHandedOver: true };
  }
  return null;
}

export function plannedFileOf(draft: RevisionDraft, tree: DelegationTree, path: ArtifactPath): TargetFile | null {
  return plannedPlaceOf(draft, tree, path)?.file ?? null;
}
