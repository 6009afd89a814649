/** A REST client with the administrator's token. */
export class Api {
    constructor(service) {
        this.service = service;
    }
    get(path, headers = {}) {
        return this.send('GET', path, undefined, headers);
    }
    post(path, body, headers = {}) {
        return this.send('POST', path, body, headers);
    }
    put(path, body, headers = {}) {
        return this.send('PUT', path, body, headers);
    }
    patch(path, body, headers = {}) {
        return this.send('PATCH', path, body, headers);
    }
    delete(path, headers = {}) {
        return this.send('DELETE', path, undefined, headers);
    }
    async send(method, path, body, headers) {
        const response = await fetch(`${this.service.url}/api/v1${path}`, {
            method,
            headers: {
                authorization: `Bearer ${this.service.token}`,
                ...(body !== undefined && { 'content-type': 'application/json' }),
                ...headers,
            },
            ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        });
        const text = await response.text();
        const isJson = response.headers.get('content-type')?.includes('json') ?? false;
        return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    }
}
/** Fetches JSON from outside the API, metadata for example. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the service answers
export async function getJson(url) {
    return (await fetch(url)).json();
}
