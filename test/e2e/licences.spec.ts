import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(project, file), 'utf8');
const lockfile = JSON.parse(read('package-lock.json'));
const scripts = () => import(join(project, 'scripts/licences.mjs'));

test('docs/licences.md lists every package of an installation, each under a licence that was looked at', async () => {
  const { licencesPage } = await scripts();
  expect(read('docs/licences.md')).toBe(licencesPage(lockfile)); // npm run licences
});

test('packages are under the licences that the lockfile says', async () => {
  const { productionPackages } = await scripts();
  const installed = productionPackages(lockfile).filter(({ path }: { path: string }) =>
    existsSync(join(project, path, 'package.json')),
  );
  expect(installed.length).toBeGreaterThan(100);
  const others = installed.filter(
    ({ path, licence }: { path: string; licence: string }) =>
      JSON.parse(read(join(path, 'package.json'))).license !== licence,
  );
  expect(others).toEqual([]);
});

test.each([['GPL-3.0-only'], ['UNLICENSED'], ['SEE LICENSE IN LICENSE'], [undefined]])(
  'a package under %s is not taken without a look',
  async (license) => {
    const { licencesPage } = await scripts();
    const packages = { ...lockfile.packages, 'node_modules/newcomer': { version: '1.0.0', license } };
    expect(() => licencesPage({ packages })).toThrow(/newcomer/);
    expect(() => licencesPage({ packages: { ...packages, 'node_modules/newcomer': { dev: true } } })).not.toThrow();
  },
);
