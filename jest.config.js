/** Jest in ESM mode: Nest 12 and its packages are ES modules. */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
      },
    ],
  },
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.cache/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '/.cache/'],
};

const withPostgres = {
  ...shared,
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
};

export default {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts'] },
    { ...withPostgres, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'] },
    { ...withPostgres, displayName: 'clients', testMatch: ['<rootDir>/test/clients/*.spec.ts'] },
    { ...withPostgres, displayName: 'crash', testMatch: ['<rootDir>/test/crash/*.spec.ts'] },
    { ...withPostgres, displayName: 'fuzz', testMatch: ['<rootDir>/test/fuzz/*.spec.ts'] },
    {
      ...shared,
      displayName: 'vaults',
      testMatch: ['<rootDir>/test/vaults/*.spec.ts'],
      globalSetup: '<rootDir>/test/vaults/global-setup.mjs',
      globalTeardown: '<rootDir>/test/vaults/global-teardown.mjs',
    },
  ],
  testTimeout: 60_000,
};
