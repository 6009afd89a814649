import Table from 'cli-table3';
import colors from 'picocolors';

const NO_LINES = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map((part) => [part, '']),
);

export type Cell = string | number | { readonly content: string; readonly hAlign: 'right' };

/** Columns under bold headings, without lines. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return render(
    rows,
    head.map((name) => colors.bold(name)),
  );
}

/** Names and values side by side. */
export function facts(rows: readonly (readonly [string, string | number])[]): string {
  return render(rows.map(([name, value]) => [colors.bold(name), value]));
}

function render(rows: readonly (readonly Cell[])[], head: string[] = []): string {
  const lines = new Table({
    head,
    chars: { ...NO_LINES, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) lines.push([...row]);
  return lines
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
