import { createHash, randomUUID } from 'node:crypto';
import { access, copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.js';
const here = fileURLToPath(new URL('.', import.meta.url));
const cache = join(here, '.cache');
export const clientBuilds = [
    {
        name: 'tuf-js',
        supportsSuccinctBins: true,
        toolchain: [],
        sources: ['tuf-js/client.mjs'],
        build: (into) => mkdir(into).then(() => undefined),
        command: () => [process.execPath, join(here, 'tuf-js/client.mjs')],
    },
    {
        name: 'python-tuf',
        supportsSuccinctBins: true,
        toolchain: [['python3', '-c', 'import ensurepip, sys, venv; print(sys.version)']],
        sources: ['python/requirements.txt'],
        build: buildPython,
        command: (built) => [join(built, 'bin/python'), join(here, 'python/client.py')],
    },
    {
        name: 'go-tuf',
        supportsSuccinctBins: true,
        toolchain: [['go', 'version']],
        sources: ['go/main.go', 'go/go.mod', 'go/go.sum'],
        build: buildGo,
        command: (built) => [built],
    },
    {
        name: 'tough',
        supportsSuccinctBins: false,
        toolchain: [
            ['cargo', '--version'],
            ['cc', '--version'],
        ],
        sources: ['tough/src/main.rs', 'tough/Cargo.toml', 'tough/Cargo.lock'],
        build: buildTough,
        command: (built) => [built],
    },
];
/** Returns how to start the client, built before if neither its sources nor its toolchain changed since. */
export async function builtClient(build, toolchainVersions) {
    const built = join(cache, `${build.name}-${await fingerprint(build, toolchainVersions)}`);
    if (!(await exists(built)))
        await buildBeside(build, built);
    return build.command(built);
}
// Several test processes may build at once, and any may be killed: what stands under its name is whole.
async function buildBeside(build, built) {
    const unfinished = `${built}.${randomUUID()}`;
    await mkdir(cache, { recursive: true });
    try {
        await build.build(unfinished);
        await rename(unfinished, built);
    }
    catch (error) {
        if (!(await exists(built)))
            throw error;
    }
    finally {
        await rm(unfinished, { recursive: true, force: true });
    }
}
async function buildPython(into) {
    await mustSucceed(['python3', '-m', 'venv', into]);
    const requirements = join(here, 'python/requirements.txt');
    const quiet = ['--quiet', '--no-input', '--disable-pip-version-check'];
    await mustSucceed([join(into, 'bin/python'), '-m', 'pip', 'install', ...quiet, '--requirement', requirements]);
}
async function buildGo(into) {
    await mustSucceed(['go', 'build', '-mod=readonly', '-trimpath', '-o', into, '.'], { cwd: join(here, 'go') });
}
async function buildTough(into) {
    const target = join(cache, 'tough-target');
    await mustSucceed(['cargo', 'build', '--release', '--locked'], {
        cwd: join(here, 'tough'),
        env: { CARGO_TARGET_DIR: target },
    });
    await copyFile(join(target, 'release/tough-client'), into);
}
async function mustSucceed(command, options = {}) {
    const { exitCode, stdout, stderr } = await runProgram(command, options);
    if (exitCode !== 0)
        throw new Error(`${command.join(' ')} ended with ${exitCode}\n${stdout}${stderr}`);
}
async function fingerprint(build, toolchainVersions) {
    const hash = createHash('sha256').update(toolchainVersions);
    for (const source of build.sources)
        hash.update(await readFile(join(here, source)));
    return hash.digest('hex').slice(0, 16);
}
function exists(path) {
    return access(path).then(() => true, () => false);
}
