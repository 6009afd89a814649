import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hasTool, runTool } from './run-tool.js';
const folder = join(import.meta.dirname, '../vaults');
const requirements = join(folder, 'requirements.txt');
export async function motoMissing() {
    return (await hasTool('python3', ['-c', 'import ensurepip, venv'])) ? null : 'python3 with venv is not installed';
}
/** moto's server, which answers as AWS does, from a virtual environment of its own with the pinned version. */
export async function startMoto() {
    const python = join(await environment(), 'bin/python');
    const port = await freePort();
    const child = spawn(python, [join(folder, 'moto_server.py'), '-H', '127.0.0.1', '-p', `${port}`], {
        stdio: 'ignore',
    });
    const url = `http://127.0.0.1:${port}`;
    await answering(url, child);
    const stop = async () => {
        child.kill();
        if (child.exitCode === null && child.signalCode === null)
            await once(child, 'exit');
    };
    return { url, stop };
}
// Marked when it is whole: pip may be killed.
async function environment() {
    const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
    const built = join(folder, '.cache', `moto-${version}`);
    if (existsSync(join(built, 'whole')))
        return built;
    await rm(built, { recursive: true, force: true });
    await runTool('python3', ['-m', 'venv', built]); // its scripts name their place, so it cannot be moved
    const quiet = ['--quiet', '--no-input', '--disable-pip-version-check'];
    await runTool(join(built, 'bin/python'), ['-m', 'pip', 'install', ...quiet, '--requirement', requirements]);
    await runTool('touch', [join(built, 'whole')]);
    return built;
}
async function answering(url, child) {
    for (let attempt = 0; attempt < 300; attempt += 1) {
        if (child.exitCode !== null)
            throw new Error(`moto_server ended with ${child.exitCode}`);
        const answer = await fetch(url).catch(() => null);
        if (answer)
            return;
        await pause(100);
    }
    throw new Error('moto_server does not answer');
}
async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    if (address === null || typeof address === 'string')
        throw new Error('no port');
    return address.port;
}
