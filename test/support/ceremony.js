import { randomUUID } from 'node:crypto';
import { formatExpiry } from '../../src/tuf/expiry.js';
import { newKeyPair, signatureBy } from '../../src/tuf/testing/key-ring.js';
export { newKeyPair as offlineKey, signatureBy };
export function unsignedRoot({ rootKeys, threshold = rootKeys.length, online, targetsKeys = [], expires, }) {
    const byOnline = { keyids: [online.keyId], threshold: 1 };
    return {
        _type: 'root',
        spec_version: '1.0.34',
        version: 1,
        expires: formatExpiry(expires ?? new Date(Date.now() + 365 * 86_400_000)),
        consistent_snapshot: true,
        keys: Object.fromEntries([...rootKeys, ...targetsKeys, online].map(({ keyId, key }) => [keyId, key])),
        roles: {
            root: { keyids: rootKeys.map(({ keyId }) => keyId), threshold },
            targets: targetsKeys.length > 0
                ? { keyids: targetsKeys.map(({ keyId }) => keyId), threshold: targetsKeys.length }
                : byOnline,
            snapshot: byOnline,
            timestamp: byOnline,
        },
    };
}
export async function signedRoot(plan) {
    const signed = unsignedRoot(plan);
    const signatures = (plan.signers ?? plan.rootKeys).map((key) => signatureBy(key, signed));
    return { signatures, signed };
}
export async function onlineKey(api, scheme = 'ed25519') {
    const { status, body } = await api.post('/keys', { name: 'online', scheme });
    if (status !== 201)
        throw new Error(JSON.stringify(body));
    return body;
}
/** A repository with throw-away keys that clients can use at once. */
export async function readyRepository(api, settings = { bins: { count: 4 } }, scheme = 'ed25519') {
    const name = `r-${randomUUID().slice(0, 8)}`;
    const rootKey = newKeyPair(scheme);
    const root = await signedRoot({ rootKeys: [rootKey], online: await onlineKey(api, scheme) });
    const { status, body } = await api.post('/repositories?wait=60', { name, settings, root });
    if (status !== 200)
        throw new Error(`the repository was not created: ${JSON.stringify(body)}`);
    return { name, root, rootKey };
}
/** The root that follows `root`, with these root keys and, where one is given, this online key. */
export function nextRoot(root, rootKeys, threshold, online) {
    const timestampKeys = root.roles.timestamp.keyids.map((keyId) => ({ keyId, key: root.keys[keyId] }));
    const byOnline = online ? { keyids: [online.keyId], threshold: 1 } : root.roles.timestamp;
    return {
        ...root,
        version: root.version + 1,
        keys: Object.fromEntries([...rootKeys, ...(online ? [online] : timestampKeys)].map(({ keyId, key }) => [keyId, key])),
        roles: {
            root: { keyids: rootKeys.map(({ keyId }) => keyId), threshold },
            targets: byOnline,
            snapshot: byOnline,
            timestamp: byOnline,
        },
    };
}
/** Proposes a root with the signatures of these keys. */
export async function propose(api, repository, signed, signers) {
    const signatures = signers.map((key) => signatureBy(key, signed));
    return api.put(`/repositories/${repository}/roles/root/metadata?wait=60`, { signed, signatures });
}
/** Gives an event the signatures of these keys, one after the other; the answer to the last one. */
export async function signEvent(api, repository, event, ...signers) {
    const path = `/repositories/${repository}/signing-events/${event}`;
    const { body } = await api.get(path);
    let answer;
    for (const signer of signers) {
        answer = await api.post(`${path}/signatures?wait=60`, signatureBy(signer, body.metadata.signed));
        if (answer.status >= 400)
            throw new Error(JSON.stringify(answer.body));
    }
    if (!answer)
        throw new Error('nobody signs');
    return answer;
}
