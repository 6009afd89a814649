import { spawn } from 'node:child_process';
import { builtFile } from './built.js';
/** Runs the built `trs` in a folder, with this environment and no other; its input is no terminal. */
export function runTrs(args, folder, environment) {
    return new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [builtFile('cli.js'), ...args], {
            cwd: folder,
            env: { PATH: process.env.PATH, NO_COLOR: '1', HOME: folder, ...environment },
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        const output = { out: '', err: '' };
        child.stdout.on('data', (text) => {
            output.out += text;
        });
        child.stderr.on('data', (text) => {
            output.err += text;
        });
        child.on('error', reject);
        child.on('close', (code) => resolve({ code, ...output }));
    });
}
