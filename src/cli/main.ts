import packageJson from '../../package.json' with { type: 'json' };
import { cli } from './cli.ts';

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => controller.abort(new Error('Stopped.')));
}
// `hindstep steps FILE --json | head` closes the pipe early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

process.exitCode = await cli(process.argv.slice(2), packageJson.version, {
  out: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`${line}\n`),
  signal: controller.signal,
});
