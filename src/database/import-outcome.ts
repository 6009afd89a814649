import type { Outcome } from '../tuf/change.js';
import type { ImportedLines, TaskOutcome } from './artifact-import.js';

export type { ImportedLines };

export interface FinishedImport {
  /** Why it broke off before its end, where it did. */
  readonly interruption: string | null;
  readonly linesRead: number;
  readonly accepted: number;
  readonly refused: number;
  readonly lines: ImportedLines;
  readonly awaited: Pick<Outcome, 'signingEvent' | 'missingSignatures' | 'otherSigningEvents'> | null;
}

/** What became of an import. One that broke off never counts as succeeded, whatever became of its lines. */
export function importOutcome(finished: FinishedImport): TaskOutcome {
  const { interruption, accepted, refused, lines, awaited } = finished;
  const outcome = { ...awaited, lines };
  if (interruption !== null) {
    const refusal = { code: 'import-interrupted' as const, detail: interruptionText(finished) };
    return { ...outcome, state: accepted > 0 ? 'partly-refused' : 'refused', refusal };
  }
  if (refused === 0) return { ...outcome, state: 'succeeded' };
  return { ...outcome, state: accepted > 0 ? 'partly-refused' : 'refused' };
}

function interruptionText({ interruption, linesRead }: FinishedImport): string {
  const where = linesRead === 0 ? 'before its first line' : `after line ${linesRead}`;
  return `the import was interrupted ${where}: ${interruption}; what came before is in, and repeating all of it does no harm`;
}
