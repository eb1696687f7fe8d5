/** The directions of ARCHITECTURE.md, checked on resolved paths. */
const only = (name, from, ...allowed) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.tsx?$' },
  to: { path: '^(app|lib|workers|scripts|prisma|e2e)/', pathNot: [from, ...allowed] },
})

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('contract-stands-alone', '^lib/contract/'),
    { name: 'contract-imports-zod-alone', severity: 'error', from: { path: '^lib/contract/', pathNot: '\\.test\\.ts$' }, to: { path: 'node_modules', pathNot: 'node_modules/zod/' } },
    only('domain-knows-contract', '^lib/domain/', '^lib/contract/'),
    only('tokenizer-knows-contract', '^lib/tokenizer/', '^lib/contract/'),
    only('checkpoints-know-contract-and-tokenizer', '^lib/checkpoints/', '^lib/contract/', '^lib/tokenizer/'),
    only('db-knows-domain', '^lib/db/', '^lib/(contract|domain)/'),
    only('auth-knows-db', '^lib/auth/', '^lib/(contract|domain|db)/'),
    only('engine-client-knows-contract', '^lib/engine-client/', '^lib/contract/'),
    only('mail-knows-contract', '^lib/mail/', '^lib/contract/'),
    only('services-know-no-http', '^lib/services/', '^lib/(contract|domain|db|auth|mail|engine-client|tokenizer|checkpoints)/'),
    only('http-knows-lib', '^lib/http/', '^lib/'),
    only('app-knows-lib', '^app/', '^lib/'),
    only('workers-never-import-app-or-db', '^workers/', '^lib/(contract|domain|tokenizer|checkpoints)/'),
    only('e2e-knows-contract', '^e2e/', '^lib/contract/'),
    { name: 'prisma-client-in-db-alone', severity: 'error', from: { pathNot: '^lib/db/' }, to: { path: '^lib/db/generated|@prisma/client' } },
    { name: 'tensors-in-model-alone', severity: 'error', from: { path: '^(app|lib|workers/(engine|http))/' }, to: { path: 'node_modules/@tensorflow/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|lib/db/generated)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
