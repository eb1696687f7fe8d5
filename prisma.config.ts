import { defineConfig } from 'prisma/config'

/** For `prisma generate`; migrations are applied by lib/db/migrate.ts. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
})
