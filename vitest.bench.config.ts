import { defineConfig } from 'vitest/config';
import e2e from './vitest.e2e.config.ts';

/** The benches in the real VS Code, run by `npm run bench`. */
export default defineConfig({ test: { ...e2e.test, include: ['test/bench/**/*.bench.ts'] } });
