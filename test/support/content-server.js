import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
/** Stands for the place where people publish their files already. */
export async function startContentServer() {
    const files = new Map();
    const names = new Map();
    const server = createServer((request, response) => {
        const bytes = files.get(decodeURIComponent((request.url ?? '').slice(1)));
        response.writeHead(bytes ? 200 : 404).end(bytes);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    return {
        url: `http://127.0.0.1:${port}/`,
        put: (path, bytes) => {
            names.set(path, namesOf(path, bytes));
            for (const name of names.get(path) ?? [])
                files.set(name, bytes);
        },
        tamper: (path, bytes) => {
            for (const name of names.get(path) ?? [])
                files.set(name, bytes);
        },
        close: async () => {
            server.close();
            await once(server, 'close');
        },
    };
}
// `dir/HASH.name` by the specification (6.2), `HASH.dir/name` for tough.
function namesOf(path, bytes) {
    const hash = createHash('sha256').update(bytes).digest('hex');
    const slash = path.lastIndexOf('/') + 1;
    return [`${path.slice(0, slash)}${hash}.${path.slice(slash)}`, `${hash}.${path}`];
}
