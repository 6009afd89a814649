import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { Api } from '../support/api.js';
import { offlineKey, onlineKey, signedRoot } from '../support/ceremony.js';
import { startService } from '../support/service.js';

const project = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(project, file), 'utf8');

const DOCS = readdirSync(join(project, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => join('docs', file));
const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', ...DOCS].map((file) => [file]);

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);
const unique = (found: readonly string[]) => [...new Set(found)].sort();

test('README lists every environment variable of the service, and no other', () => {
  const source = read('src/environment.ts');
  const own = matches(source, /^ {2}([A-Z][A-Z_]+): z/gm);
  const fromFiles = matches(/const FROM_FILES = \[(.*?)\]/s.exec(source)?.[1] ?? '', /'([A-Z_]+)'/g);
  const listed = matches(read('README.md'), /^\| `([A-Z][A-Z_]+)` \|/gm);
  expect(own.length).toBeGreaterThan(5);
  expect(unique(listed)).toEqual(unique([...own, ...fromFiles.map((name) => `${name}_FILE`)]));
});

test('docs/problems.md explains every problem code, and no other', () => {
  const codes = ['src/tuf/errors.ts', 'src/http/problem.ts'].flatMap((file) => {
    const union = /type \w+Code =(.*?);/s.exec(read(file))?.[1] ?? '';
    return matches(union, /'([a-z-]+)'/g);
  });
  expect(codes.length).toBeGreaterThan(40);
  expect(unique(matches(read('docs/problems.md'), /^\| `([a-z-]+)` \|/gm))).toEqual(unique(codes));
});

test('docs/promises.md names a test for each promise', () => {
  const rows = read('docs/promises.md').match(/^\| (?!Promise|---).+$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.filter((row) => !/`(?:src|test)\/\S+\.spec\.ts`: “[^”]+” \|$/.test(row))).toEqual([]);
});

test('docs/threat-model.md says for each threat by which test its answer is shown', () => {
  const rows = read('docs/threat-model.md').match(/^\| [STRIDE, ]+ \| .+$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(25);
  expect(rows.filter((row) => !/\.spec\.ts`: “/.test(row))).toEqual([]);
});

test('docs/operating.md explains every message of a failed start', () => {
  const advice = matches(read('src/start-up-advice.ts'), /text: '([^']+?\.)[ ']/g);
  const page = read('docs/operating.md');
  expect(advice.length).toBeGreaterThan(8);
  expect(advice.filter((sentence) => !page.includes(sentence))).toEqual([]);
});

test('docs/adr/README.md lists every decision', () => {
  const decisions = readdirSync(join(project, 'docs/adr')).filter((file) => /^\d{4}-/.test(file));
  expect(unique(matches(read('docs/adr/README.md'), /\((\d{4}-[a-z0-9-]+\.md)\)/g))).toEqual(unique(decisions));
});

describe.each(PAGES)('%s', (page) => {
  const text = read(page);

  test('names only npm scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...matches(text, /npm run (?:--silent )?([a-z][a-z:]*)/g), ...matches(text, /npm (test|start)\b/g)];
    expect(unique(named).filter((name) => !(name in scripts))).toEqual([]);
  });

  test('links only to files and headings that there are', () => {
    const links = matches(text, /\]\((?!https?:)([^)\s]+)\)/g);
    expect(links.filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });

  test('names only files and folders of bench/, src/ and test/ that there are', () => {
    const named = matches(text, /`((?:bench|src|test)\/[^`\s]*)`/g);
    expect(unique(named).filter((path) => !existsSync(join(project, path)))).toEqual([]);
  });

  test('quotes only tests that there are', () => {
    const unwrapped = text.replace(/\s+/g, ' ');
    const quoted = [...unwrapped.matchAll(/`((?:src|test)\/\S+\.spec\.ts)`: “([^”]+)”/g)];
    const missing = quoted.filter(([, file = '', title = '']) => !read(file).includes(`'${title}'`));
    expect(missing.map(([line]) => line)).toEqual([]);
  });
});

function leadsSomewhere(page: string, link: string): boolean {
  const [file = '', heading] = link.split('#');
  const target = file === '' ? page : relative(project, join(project, dirname(page), file));
  if (!existsSync(join(project, target))) return false;
  return (
    heading === undefined ||
    matches(read(target), /^#+ (.+)$/gm)
      .map(anchorOf)
      .includes(heading)
  );
}

/** As GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
}

test('the curl example of README publishes an artifact', async () => {
  const service = await startService();
  try {
    const api = new Api(service);
    const root = await signedRoot({ rootKeys: [offlineKey()], online: await onlineKey(api) });
    await api.post('/repositories?wait=60', { name: 'demo', settings: { bins: { count: 4 } }, root });
    const example = matches(read('README.md'), /```sh\n(curl [^`]*)```/g)[0] ?? '';
    expect(example).toContain('?wait=');
    const { stdout } = await promisify(execFile)('sh', ['-c', example], {
      env: {
        PATH: process.env.PATH,
        TRS_SERVER: service.url,
        TRS_TOKEN_FILE: join(service.dataFolder, 'admin-token'),
      },
    });
    expect(JSON.parse(stdout)).toMatchObject({ state: 'succeeded', outcome: { artifacts: [{ result: 'added' }] } });
    expect((await api.get('/repositories/demo/artifacts/app%2F1.0%2Fapp.tar.gz')).status).toBe(200);
  } finally {
    await service.stop();
  }
});
