import { AwsKmsKeyVault } from './aws-kms-key-vault.js';
import { type KeyUri, KeyVaultError } from './key-vault.js';
import { optionalPackage } from './optional-package.js';

test('a package that is not installed is named, with what to run', async () => {
  const loading = optionalPackage('@trs/not-installed');
  await expect(loading).rejects.toThrow(KeyVaultError);
  await expect(loading).rejects.toThrow(
    /^the npm package @trs\/not-installed is not installed or does not load; run "npm install --include=optional"/,
  );
});

test('a vault whose package is missing says so when it is first used', async () => {
  const vault = new AwsKmsKeyVault(undefined, () => optionalPackage('@aws-sdk/not-installed'));
  const { signal } = new AbortController();
  await expect(vault.publicKey('awskms:alias/a' as KeyUri, signal)).rejects.toThrow('@aws-sdk/not-installed');
});

test.each(['@aws-sdk/client-kms', '@google-cloud/kms', '@azure/keyvault-keys', '@azure/identity'])(
  'loads %s as the vaults expect it',
  async (name) => {
    const names = ['KMSClient', 'KeyManagementServiceClient', 'KeyClient', 'DefaultAzureCredential'];
    const loaded = await optionalPackage<Record<string, unknown>>(name);
    expect(names.filter((exported) => typeof loaded[exported] === 'function')).toHaveLength(1);
  },
);
