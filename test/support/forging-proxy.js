import { once } from 'node:events';
import { createServer } from 'node:http';
/** Stands between a client and the metadata of a repository, as whoever controls the network does. */
export async function startForgingProxy(metadataUrl) {
    const server = createServer(async ({ url = '' }, response) => {
        if (proxy.timestamp && url === '/timestamp.json')
            return void response.end(proxy.timestamp);
        const answer = await fetch(new URL(url.slice(1), metadataUrl));
        response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = {
        url: `http://127.0.0.1:${server.address().port}/`,
        timestamp: null,
        close: async () => {
            server.close();
            server.closeAllConnections();
            await once(server, 'close');
        },
    };
    return proxy;
}
