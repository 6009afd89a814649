import type { Artifact } from '../tuf/artifact.js';
import type { LineRefusal } from './artifact-import.js';
import { pathOrder } from './path-order.js';

/** Lines that become durable together. */
export interface ImportedBatch {
  readonly accepted: number;
  readonly refused: number;
  /** Rows for COPY. */
  readonly entries: string;
  readonly refusals: string;
  /** The number of the last line that is read with it. */
  readonly lastLine: number;
}

const MAXIMUM_DETAIL = 1_000;

/** Gathers lines of an import, as rows for COPY. */
export class ImportBatch implements Omit<ImportedBatch, 'lastLine'> {
  accepted = 0;
  refused = 0;
  entries = '';
  refusals = '';

  constructor(private readonly importId: number) {}

  accept(line: number, { path, ...file }: Artifact): void {
    this.accepted += 1;
    this.entries += `${this.importId}\t${pathOrder(path)}\t${line}\t${escaped(path)}\t${escaped(JSON.stringify(file))}\n`;
  }

  refuse({ line, path, code, detail }: LineRefusal): void {
    this.refused += 1;
    const named = path === null ? '\\N' : escaped(storable(path));
    this.refusals += `${this.importId}\t${line}\t${named}\t${code}\t${escaped(storable(detail))}\n`;
  }
}

/** What a caller sent may quote anything. */
function storable(text: string): string {
  return text.slice(0, MAXIMUM_DETAIL).toWellFormed().replaceAll('\0', '\ufffd');
}

function escaped(text: string): string {
  if (!/[\\\n\r\t]/.test(text)) return text;
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
}
