import { defineConfig } from 'vitest/config';

/** With the real agent libraries of test/libraries, which `npm test` installs for this part. */
export default defineConfig({
  test: {
    include: ['test/libraries/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
  },
});
