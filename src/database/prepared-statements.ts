/** Statements to remember; what is written with a list of parameters comes in many lengths, and need not be. */
const MAXIMUM = 256;

const names = new Map<string, string>();

/** The name under which PostgreSQL keeps a statement that has parameters, analysed, for the next time; undefined for none. */
export function preparedName(statement: string): string | undefined {
  const known = names.get(statement);
  if (known || names.size === MAXIMUM) return known;
  const name = `trs_${names.size + 1}`;
  names.set(statement, name);
  return name;
}
