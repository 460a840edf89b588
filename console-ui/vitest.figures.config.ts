import { defineConfig } from 'vitest/config'

// Measures and prints; nothing of it fails for being slow.
export default defineConfig({ test: { include: ['e2e/figures.ts'], testTimeout: 300_000, hookTimeout: 120_000, disableConsoleIntercept: true } })
