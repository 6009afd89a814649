import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
/** An HTTP server on a free port of the loopback that works, and goes wrong when a test wants it. */
export async function startFaultyServer(handler, tls) {
    let requests = 0;
    const listener = async (incoming, outgoing) => {
        requests += 1;
        const { fault } = faulty;
        if (fault?.kind === 'down')
            return void incoming.socket.destroy();
        if (fault?.kind === 'hangs')
            return;
        const answer = (fault && faultyAnswer(fault)) ?? (await handler(await served(incoming)));
        const isJson = typeof answer.body === 'object' && !Buffer.isBuffer(answer.body);
        const type = isJson ? { 'content-type': 'application/json' } : {};
        outgoing.writeHead(answer.status, { ...type, ...answer.headers });
        outgoing.end(isJson ? JSON.stringify(answer.body) : answer.body);
    };
    const server = tls ? createTlsServer(tls, listener) : createServer(listener);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    const host = `127.0.0.1:${port}`;
    const faulty = {
        url: `${tls ? 'https' : 'http'}://${host}`,
        host,
        requests: () => requests,
        fault: null,
        close: () => close(server),
    };
    return faulty;
}
function faultyAnswer(fault) {
    fault.times -= 1;
    return fault.times < 0 ? null : fault.answer;
}
async function served(incoming) {
    const chunks = [];
    for await (const chunk of incoming)
        chunks.push(chunk);
    const { method = '', url = '', headers } = incoming;
    return { method, path: url, headers, body: Buffer.concat(chunks) };
}
async function close(server) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
}
