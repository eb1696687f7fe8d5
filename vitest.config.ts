import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': import.meta.dirname } },
  test: {
    environment: 'node',
    include: ['{app,lib,prisma,scripts,workers}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'lib/db/generated/**', '.next/**', '.data/**', 'e2e/**'],
    globalSetup: ['lib/db/testing/global-setup.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
