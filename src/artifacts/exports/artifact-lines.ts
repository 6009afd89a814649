import type { ExportedArtifact } from '../../database/artifact.store.js';
import type { ImportFormat } from '../../database/artifact-import.js';

const CSV_COLUMNS = 'path,length,sha256,sha512,custom\n';

/** Artifacts as lines that can be imported again, just as they are. */
export async function* artifactLines(
  format: ImportFormat,
  pages: AsyncIterable<readonly ExportedArtifact[]>,
): AsyncGenerator<string> {
  if (format === 'csv') yield CSV_COLUMNS;
  const line = format === 'csv' ? csvLine : ndjsonLine;
  for await (const page of pages) yield page.map(line).join('');
}

function ndjsonLine({ path, length, hashes, custom }: ExportedArtifact): string {
  const rest = custom === null ? '' : `,"custom":${custom}`;
  return `{"path":${JSON.stringify(path)},"length":${length},"hashes":${JSON.stringify(hashes)}${rest}}\n`;
}

function csvLine({ path, length, hashes, custom }: ExportedArtifact): string {
  const { sha256 = '', sha512 = '' } = hashes;
  return `${[path, length, sha256, sha512, custom ?? ''].map(csvField).join(',')}\n`;
}

/** RFC 4180. What spreadsheets take for a formula stays as it is: an export is read back, and must say the same. */
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
