import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { builtFile } from './built.js';
/** The built service as a process of its own. */
export class ServiceProcess {
    constructor(environment) {
        this.printed = '';
        this.child = spawn(process.execPath, [builtFile('main.js')], {
            env: { PATH: process.env.PATH, TRS_PORT: '0', ...environment },
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        for (const stream of [this.child.stdout, this.child.stderr]) {
            stream?.on('data', (text) => {
                this.printed += text;
            });
        }
        this.ended = once(this.child, 'exit').then(([code]) => code);
    }
    get output() {
        return this.printed;
    }
    /** The address that it listens at. */
    async listening() {
        for (;;) {
            const url = /listens at (\S+);/.exec(this.printed)?.[1];
            if (url)
                return url;
            if (this.child.exitCode !== null)
                throw new Error(this.printed);
            await new Promise((resolve) => setTimeout(resolve, 25));
        }
    }
    async stop(signal = 'SIGTERM') {
        this.child.kill(signal);
        return this.ended;
    }
}
