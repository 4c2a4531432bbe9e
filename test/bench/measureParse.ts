import { readFileSync } from 'node:fs';
import { report } from './report.ts';

// The yardstick: read the whole file, decode it, JSON.parse it.
const [path = ''] = process.argv.slice(2);
const start = performance.now();
const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
report({ total: performance.now() - start, kept: value === null ? 0 : 1 });
