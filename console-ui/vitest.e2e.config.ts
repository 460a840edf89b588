import { defineConfig } from 'vitest/config'

// Real processes and a real browser: one after another, and with patience.
export default defineConfig({ test: { include: ['e2e/**/*.e2e.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false, sequence: { concurrent: false } } })
