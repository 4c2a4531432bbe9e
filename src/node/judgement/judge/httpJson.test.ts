import { expect, it, vi } from 'vitest';
import { stubEndpoint } from '../../../../test/support/stubEndpoint.ts';

vi.mock('node:dns', async (original) => {
  const real = await original<typeof import('node:dns')>();
  return { ...real, lookup: vi.fn(real.lookup) };
});

it('connects to no name that resolves to another computer', async () => {
  const { lookup } = await import('node:dns');
  const { exchangeJson } = await import('./httpJson.ts');
  await using stub = await stubEndpoint(() => '');
  const url = stub.url.replace('127.0.0.1', 'localhost');
  const ask = () => exchangeJson({ url }, { path: 'models', timeout: 5000 });
  expect(await ask()).toMatchObject({ ok: true, value: { status: 200 } });
  // A hosts file that sends the computer's own name elsewhere.
  vi.mocked(lookup).mockImplementation(((_name: string, _options: unknown, callback: (...told: unknown[]) => void) =>
    callback(null, [{ address: '192.0.2.1', family: 4 }])) as never);
  expect(await ask()).toMatchObject({ ok: false, error: expect.stringMatching(/no name of this computer/) });
});
