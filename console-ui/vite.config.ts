import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// The admin API that `npm run dev` stands in front of.
const admin = process.env.DRIZZLE_ADMIN ?? 'http://127.0.0.1:3000'

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/v1': admin, '/openapi.json': admin } },
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 900 },
  test: { environment: 'jsdom', setupFiles: ['src/test/setup.ts'], css: false },
})
