import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/integration/**/*.test.ts', 'test/bench/**/*.test.ts'],
    testTimeout: 20_000,
    pool: 'forks',
  },
});
