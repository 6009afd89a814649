import { AwsKmsKeyVault } from './aws-kms-key-vault.js';
import { type KeyUri, KeyVaultError } from './key-vault.js';

const URI = 'awskms:alias/trs' as KeyUri;
const { signal } = new AbortController();

/** Remembers what it was asked. */
function kms() {
  const asked: Record<string, unknown>[] = [];
  class KMSClient {
    async send(command: { input: Record<string, unknown> }) {
      asked.push(command.input);
      return { Signature: Buffer.from('signature') };
    }
  }
  class Command {
    constructor(readonly input: object) {}
  }
  const load = async () => ({ KMSClient, SignCommand: Command, GetPublicKeyCommand: Command }) as never;
  return { vault: new AwsKmsKeyVault(undefined, load), asked };
}

describe('the AWS KMS vault', () => {
  test.each([
    ['ecdsa-sha2-nistp256', 'ECDSA_SHA_256', 32],
    ['ecdsa-sha2-nistp384', 'ECDSA_SHA_384', 48],
    ['rsassa-pss-sha256', 'RSASSA_PSS_SHA_256', 32],
  ] as const)('sends the digest for %s, however large the metadata is', async (scheme, algorithm, length) => {
    const { vault, asked } = kms();
    await vault.sign(URI, scheme, Buffer.alloc(1_000_000), signal);
    expect(asked).toMatchObject([{ KeyId: 'alias/trs', MessageType: 'DIGEST', SigningAlgorithm: algorithm }]);
    expect(asked[0]?.Message).toHaveLength(length);
  });

  test('sends the message for Ed25519, up to the limit of KMS', async () => {
    const { vault, asked } = kms();
    await vault.sign(URI, 'ed25519', Buffer.alloc(4_096), signal);
    expect(asked).toMatchObject([{ MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' }]);
    const tooLong = vault.sign(URI, 'ed25519', Buffer.alloc(4_097), signal);
    await expect(tooLong).rejects.toThrow(KeyVaultError);
    await expect(tooLong).rejects.toThrow('signs at most 4096 bytes with Ed25519, and this metadata has 4097');
  });
});
