import { Api } from '../support/api.js';
import { startService } from '../support/service.js';
import { makeToken, SOFTHSM_MODULE, SOFTHSM_PIN, softHsmMissing } from '../support/soft-hsm.js';
import { repositoryWith, rootsSignedByTrs } from './scene.js';
const SCHEMES = ['ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'rsassa-pss-sha256'];
const missing = await softHsmMissing();
if (missing === null)
    describe('the pkcs11 vault, on SoftHSM2', judge);
else if (process.env.CI) {
    test('SoftHSM2 is there, in CI', () => {
        throw new Error(missing);
    });
}
else
    test.skip(`is not tried: ${missing}`, () => undefined);
function judge() {
    let service;
    const environment = {
        TRS_KEY_VAULTS: 'file,pkcs11',
        TRS_PKCS11_MODULE: SOFTHSM_MODULE ?? '',
        TRS_PKCS11_PIN: SOFTHSM_PIN,
    };
    beforeAll(async () => {
        await makeToken('trs test', SCHEMES);
        service = await startService({ environment });
        service.app.useLogger(false);
    });
    afterAll(() => service?.stop());
    test.each(SCHEMES)('signs with a %s key what tuf-js accepts', async (scheme) => {
        const { online, add, clientRefreshes } = await repositoryWith(service, `pkcs11:token=trs%20test;object=${scheme}`);
        expect(online.key.scheme).toBe(scheme);
        expect((await add('a')).status).toBe(200);
        expect(await clientRefreshes()).toMatchObject({ timestamp: 2 });
    });
    test.each(SCHEMES)('signs with a %s key from the command line of its owner, too', async (scheme) => {
        const { SOFTHSM2_CONF = '' } = process.env;
        const trusted = await rootsSignedByTrs(service, `pkcs11:token=trs%20test;object=${scheme}`, {
            ...environment,
            SOFTHSM2_CONF,
        });
        expect(trusted).toMatchObject({ root: 2 });
    });
    test('takes the key that both id and label name', async () => {
        const { status, body } = await new Api(service).post('/keys', {
            name: 'again',
            uri: 'pkcs11:token=trs%20test;object=ed25519;id=%01',
        });
        expect([status, body.code]).toEqual([409, 'key-exists']);
    });
    test('signs many bins at once', async () => {
        const { add, clientRefreshes } = await repositoryWith(service, 'pkcs11:token=trs%20test;object=ecdsa-sha2-nistp256');
        await Promise.all(Array.from({ length: 20 }, (_, index) => add(`file-${index}`)));
        expect((await clientRefreshes()).timestamp).toBeGreaterThan(1);
    });
    test.each([
        ['a label that the token has not', 'pkcs11:token=trs%20test;object=none', 'key-unusable'],
        ['a PIN in it', 'pkcs11:token=trs%20test;object=ed25519?pin-value=1234', 'key-uri-invalid'],
        ['a module in it', 'pkcs11:token=trs%20test;object=ed25519;module-path=/tmp/evil.so', 'key-uri-invalid'],
    ])('refuses a URI with %s', async (_, uri, code) => {
        const { status, body } = await new Api(service).post('/keys', { name: 'refused', uri });
        expect([status, body.code, body.errors[0].field]).toEqual([400, code, 'uri']);
        expect(body.detail).not.toContain(SOFTHSM_PIN);
    });
    test('waits for a token that is not there', async () => {
        const { status, body } = await new Api(service).post('/keys', { name: 'x', uri: 'pkcs11:token=absent;object=a' });
        expect([status, body.code]).toEqual([503, 'key-vault-unavailable']);
    });
}
