/** The picture of docs/architecture.md as rules: arrows go down. */
const features =
  'repositories|artifacts|roles|keys|metadata|signing|forecast|tasks|audit|access|health|metrics|webhooks';
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-is-pure',
      comment: 'src/tuf has no Nest, no TypeORM, no I/O: only itself and node:crypto',
      severity: 'error',
      from: { path: '^src/tuf/', pathNot: ['\\.spec\\.ts$', '^src/tuf/testing/'] },
      to: { pathNot: '^(src/tuf/|node:crypto$|crypto$)' },
    },
    {
      name: 'rights-are-pure',
      comment: 'src/rights is functions of their arguments, too; artifact paths are TUF’s',
      severity: 'error',
      from: { path: '^src/rights/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^src/(rights|tuf)/' },
    },
    {
      name: 'audit-chain-is-pure',
      comment: 'src/audit-chain is functions of their arguments, for the service and for whoever verifies it',
      severity: 'error',
      from: { path: '^src/audit-chain/', pathNot: ['\\.spec\\.ts$', '^src/audit-chain/testing/'] },
      to: { pathNot: '^(src/audit-chain/|src/tuf/|node:crypto$|crypto$)' },
    },
    {
      name: 'typeorm-only-in-database',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/database/' },
      to: { path: '^node_modules/(typeorm|@nestjs/typeorm|pg)/' },
    },
    {
      name: 'features-do-not-import-features',
      comment: 'tasks/ is below the features: each of them records tasks',
      severity: 'error',
      from: { path: `^src/(${features})/`, pathNot: '^src/tasks/' },
      to: { path: `^src/(${features})/`, pathNot: ['^src/$1/', '^src/tasks/'] },
    },
    {
      name: 'arrows-go-down',
      severity: 'error',
      from: { path: '^src/(publishing|key-vaults|sigstore|database|mirrors)/' },
      to: { path: `^src/(${features}|resigning|retention|cli|http)/` },
    },
    {
      name: 'outside-does-not-know-the-publisher',
      severity: 'error',
      from: { path: '^src/(key-vaults|sigstore|database|mirrors)/' },
      to: { path: '^src/publishing/' },
    },
    {
      name: 'testing-is-for-specs',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.spec\\.ts$', '/testing/'] },
      to: { path: '^src/.*/testing/' },
    },
    {
      name: 'cloud-sdks-only-outside',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(key-vaults|mirrors)/' },
      to: { path: '(^|node_modules/)(@aws-sdk|@google-cloud|@azure|pkcs11js|graphene-pk11)' },
    },
    {
      name: 'sigstore-only-outside',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/sigstore/' },
      to: { path: '(^|node_modules/)@sigstore/' },
    },
    {
      name: 'prometheus-only-in-metrics',
      comment: 'others tell what they do through src/telemetry.ts',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/metrics/' },
      to: { path: '(^|node_modules/)prom-client' },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-packages-at-run-time',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
