import { startContentServer } from '../support/content-server.js';
import { startService } from '../support/service.js';
import { TrsDesk } from '../support/trs-desk.js';
let service;
let content;
let desk;
let count = 0;
beforeAll(async () => {
    service = await startService();
    content = await startContentServer();
});
afterAll(async () => {
    await content.close();
    await service.stop();
});
beforeEach(async () => {
    desk = await TrsDesk.at(service);
});
afterEach(() => desk.leave());
async function repository(...more) {
    count += 1;
    const name = `cli-recover-${count}`;
    await desk.keys('root-1', 'root-2', 'root-3');
    const keys = ['--root-key', 'root-1.pem', 'root-2.pem', 'root-3.pem', '--threshold', '2'];
    await desk.fine(['ceremony', '--repository', name, ...keys, '--yes', ...more]);
    return name;
}
async function publish(name, path) {
    await desk.write(`files/${path}`, path);
    content.put(path, Buffer.from(path));
    await desk.fine(['artifact', 'add', 'files', '--repository', name]);
}
/** What a stock client says, that keeps what it trusts from one call to the next. */
async function clientFinds(name, path) {
    const where = ['--targets-url', content.url, '--trust-dir', 'trust', '--out', 'downloads'];
    return (await desk.trs(['artifact', 'download', path, '--repository', name, ...where])).code;
}
/** Types what the plan says, up to where people have to decide. */
async function follow(plan) {
    const commands = plan.steps
        .flatMap((step) => step.commands)
        .filter((command) => /^trs (?:key|root|role) /.test(command));
    for (const command of commands.filter((line) => !line.startsWith('trs role list'))) {
        const [, ...words] = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
        const isGenerated = words[0] === 'key' && words[1] === 'generate';
        const answers = isGenerated ? ['--no-passphrase'] : words[0] === 'key' ? [] : ['--yes'];
        await desk.fine([...words, ...answers]);
    }
}
async function sign(name, ...keys) {
    for (const key of keys) {
        const [event] = await desk.json('event', 'list', '--repository', name);
        await desk.fine(['sign', event.id, '--repository', name, '--key', key, '--yes']);
    }
}
describe('trs recover', () => {
    test('leads from a stolen online key, and from a root key that is lost, to where clients go on', async () => {
        const name = await repository('--bins', '4');
        await publish(name, 'before.txt');
        expect(await clientFinds(name, 'before.txt')).toBe(0);
        const { roles } = await desk.json('repository', 'show', name);
        const [online] = roles.find((role) => role.name === 'timestamp').keyIds;
        const flags = ['--repository', name, '--stolen', online.slice(0, 12), '--lost', 'root-3.pem.pub.json'];
        const text = await desk.fine(['recover', ...flags]);
        expect(text).toMatch(/root \(1 lost\): nobody else can sign with what is lost\n/);
        expect(text).toMatch(/bins of targets \(1 stolen\): sign any artifact of these bins, and hand it to clients/);
        expect(text).toMatch(/1\. First shut the intruder out[\s\S]+2\. Publish a next root[\s\S]+5\.3\.11/);
        expect(await desk.json('event', 'list', '--repository', name)).toEqual([]);
        await follow(await desk.json('recover', ...flags));
        await sign(name, 'root-1.pem', 'root-2.pem');
        const { signed } = await desk.json('root', 'show', '--repository', name);
        expect(signed.version).toBe(2);
        expect(Object.keys(signed.keys)).not.toContain(online);
        expect(await clientFinds(name, 'before.txt')).toBe(0);
        await publish(name, 'after.txt');
        expect(await clientFinds(name, 'after.txt')).toBe(0);
        expect(await desk.trs(['recover', ...flags])).toMatchObject({ code: 3, err: expect.stringContaining('signed by') });
    });
    test('leads from keys of delegated roles and of bins to new ones', async () => {
        const name = await repository('--no-bins');
        const [a = '', b = ''] = await desk.keys('a', 'b');
        const nightly = (await desk.json('key', 'online', '--name', 'nightly')).keyId;
        const where = ['--repository', name];
        const team = ['--path', 'team/*', '--key', 'a.pem.pub.json', '--key', 'b.pem.pub.json', '--threshold', '2'];
        await desk.fine(['role', 'add', 'team', ...where, ...team]);
        await sign(name, 'a.pem', 'b.pem');
        await desk.fine(['role', 'add', 'nightly', ...where, '--any-path', '--key', nightly]);
        await desk.fine(['role', 'bins', 'set', 'nightly', ...where, '--count', '4', '--kind', 'classic']);
        await publish(name, 'x');
        const plan = await desk.json('recover', ...where, '--lost', b, '--stolen', nightly);
        expect(plan.findings.map(({ role }) => role).sort()).toEqual([
            'bins of nightly',
            'nightly',
            'team',
        ]);
        await follow(plan);
        await sign(name, 'a.pem', 'new-team-1.pem');
        const role = async (of) => desk.json('role', 'show', of, ...where);
        expect(await role('team')).toMatchObject({ threshold: 2, keyIds: [a, expect.not.stringMatching(b)] });
        const renewed = await role('nightly');
        expect([...renewed.keyIds, ...renewed.bins.keyIds]).not.toContain(nightly);
        expect(renewed.bins).toMatchObject({ count: 4, kind: 'classic' });
        expect(await clientFinds(name, 'x')).toBe(0);
    });
    test('says honestly that a root beyond repair needs another way', async () => {
        const name = await repository('--bins', '4');
        const lost = ['--lost', 'root-1.pem', '--lost', 'root-2.pem.pub.json'];
        expect(await desk.json('recover', '--repository', name, ...lost)).toMatchObject({
            isOutOfBand: true,
            findings: [{ role: 'root', cannotBeSigned: true }],
        });
        const text = await desk.fine(['recover', '--repository', name, '--root-taken']);
        expect(text).toMatch(/Take the repository off the net at once[\s\S]+trs ceremony[\s\S]+by another way/);
        expect(await desk.trs(['recover', '--repository', name])).toMatchObject({ code: 2 });
        expect(await desk.trs(['recover', '--repository', name, '--stolen', '0'.repeat(64)])).toMatchObject({ code: 3 });
    });
});
