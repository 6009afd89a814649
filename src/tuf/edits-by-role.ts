import type { ArtifactPath, TargetFile } from './artifact.js';
import type { RoleName } from './role-name.js';
import type { PathEdits } from './targets-content.js';

/** What to set for single paths, by role. */
export class EditsByRole {
  private readonly byRole = new Map<RoleName, Map<ArtifactPath, TargetFile | null>>();

  roles(): RoleName[] {
    return [...this.byRole.keys()];
  }

  of(role: RoleName): PathEdits | undefined {
    return this.byRole.get(role);
  }

  set(role: RoleName, path: ArtifactPath, after: TargetFile | null): void {
    const edits = this.byRole.get(role) ?? new Map();
    this.byRole.set(role, edits.set(path, after));
  }

  unset(role: RoleName, path: ArtifactPath): void {
    this.byRole.get(role)?.delete(path);
  }

  take(role: RoleName): PathEdits | undefined {
    const edits = this.byRole.get(role);
    this.byRole.delete(role);
    return edits;
  }

  copy(): EditsByRole {
    const copy = new EditsByRole();
    for (const [role, edits] of this.byRole) copy.byRole.set(role, new Map(edits));
    return copy;
  }
}
