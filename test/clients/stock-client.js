import { builtClient, clientBuilds } from './client-builds.js';
import { runProgram } from './run-program.js';
/** What a client said when it did not do as asked: no role lists the target, the metadata or file is bad, or anything else. */
export class ClientRefusal extends Error {
    constructor(client, kind, reason) {
        super(`${client}: ${reason}`);
        this.name = 'ClientRefusal';
        this.kind = kind;
    }
}
let available;
/** The clients whose toolchain is on this machine, built; the others with the reason why not. */
export function availableClients() {
    available ??= findClients();
    return available;
}
async function findClients() {
    const found = await Promise.all(clientBuilds.map(findClient));
    return {
        clients: found.filter((client) => 'init' in client),
        missing: found.filter((client) => 'reason' in client),
    };
}
async function findClient(build) {
    let versions = '';
    for (const command of build.toolchain) {
        const answer = await runProgram(command).catch((error) => ({
            exitCode: 1,
            stdout: '',
            stderr: error.message,
        }));
        if (answer.exitCode !== 0)
            return { name: build.name, reason: `${command[0]}: ${answer.stderr.trim()}` };
        versions += answer.stdout;
    }
    return stockClient(build, await builtClient(build, versions));
}
function stockClient(build, command) {
    const { name, supportsSuccinctBins } = build;
    // `--name=value`, because a target may begin with a dash.
    async function ask(subcommand, options) {
        const args = Object.entries(options).map(([option, value]) => `--${option}=${value}`);
        const answer = await runProgram([...command, subcommand, ...args], { env: { NO_PROXY: '*', no_proxy: '*' } });
        if (answer.exitCode !== 0)
            throw new ClientRefusal(name, kindOf(answer.exitCode), answer.stderr.trim());
        return answer.stdout;
    }
    return {
        name,
        supportsSuccinctBins,
        async init(dir, rootFile) {
            await ask('init', { dir, root: rootFile });
        },
        async refresh(dir, metadataUrl) {
            return JSON.parse(await ask('refresh', { dir, 'metadata-url': metadataUrl }));
        },
        async download(dir, { metadataUrl, targetsUrl, target, out }) {
            const options = { dir, 'metadata-url': metadataUrl, 'targets-url': targetsUrl, target, out };
            return JSON.parse(await ask('download', options));
        },
        async match(file) {
            return JSON.parse(await ask('match', { file }));
        },
    };
}
function kindOf(exitCode) {
    if (exitCode === 3)
        return 'not-found';
    if (exitCode === 4)
        return 'refused';
    return 'failed';
}
