import { workerData } from 'node:worker_threads';

/**
 * The script of every thread that Hindstep starts: one that writes a file says what it writes, all others serve a trace.
 * One file, because both hold all that reads traces.
 */
if (typeof workerData === 'object' && workerData !== null && 'what' in workerData) void import('./exportMain.ts');
else void import('./main.ts');
