import { spawn } from 'node:child_process';
/** Runs a program without standard input to its end; rejects only when it cannot be started. */
export function runProgram(command, options = {}) {
    const [program, ...args] = command;
    const child = spawn(program, args, {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        env: { ...process.env, ...options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stdout = [];
    const stderr = [];
    child.stdout.on('data', (chunk) => stdout.push(chunk));
    child.stderr.on('data', (chunk) => stderr.push(chunk));
    return new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (exitCode) => {
            resolve({ exitCode, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
        });
    });
}
