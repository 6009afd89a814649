/**
 * What a query joins to find one version of one role: one look-up in the primary key. Its parts are compared as a row,
 * which suits no other index: compared one by one, PostgreSQL takes an index that starts with the repository too, and
 * reads all that a repository has of which there are no statistics yet, again and again.
 * @param columns with the name of the table, `alias`.
 * @param key SQL for the repository's id, the role and the version.
 */
export function versionLookUp(
  alias: string,
  columns: string,
  key: readonly [repository: string, role: string, version: string],
): string {
  const primaryKey = ['repository_id', 'role', 'version'].map((column) => `${alias}.${column}`).join(', ');
  return `lateral (
    select ${columns} from metadata_version ${alias}
    where (${primaryKey}) >= (${key.join(', ')}) and (${primaryKey}) <= (${key.join(', ')})
    order by ${primaryKey} limit 1
  ) ${alias}`;
}

/** The version that is in force of what is called `role` in the query. */
export const IN_FORCE = ['role.repository_id', 'role.name', 'role.version'] as const;
