import { describe, expect, it } from 'vitest';
import { endpointUrl } from './endpointUrl.ts';

describe('endpointUrl', () => {
  it.each([
    'http://127.0.0.1:11434/v1',
    'http://localhost:1234/v1/',
    'http://LOCALHOST/v1',
    'http://[::1]:8080/v1',
    'https://127.8.9.10/v1',
    // All of these are ways to write 127.0.0.1.
    'http://127.1/v1',
    'http://2130706433/v1',
    'http://0x7f.0.0.1/v1',
  ])('lets %s be asked', (url) => {
    expect(endpointUrl({ url }).ok).toBe(true);
  });

  it.each([
    'http://192.168.1.7:11434/v1',
    'http://0.0.0.0:11434/v1',
    'http://example.com/v1',
    'http://localhost.example.com/v1',
    'http://127.0.0.1.example.com/v1',
    'http://[::ffff:10.0.0.1]/v1',
    'http://[::2]/v1',
  ])('refuses %s: it is elsewhere', (url) => {
    expect(endpointUrl({ url })).toMatchObject({ ok: false, error: expect.stringMatching(/not on this computer/) });
  });

  it('asks another host only when the person has named just that one', () => {
    const url = 'http://gpu.lan:8000/v1';
    expect(endpointUrl({ url, otherHosts: [' GPU.lan '] }).ok).toBe(true);
    expect(endpointUrl({ url, otherHosts: ['lan', 'other.gpu.lan'] }).ok).toBe(false);
  });

  it.each([
    '',
    'localhost:11434',
    'file:///v1',
    'ftp://127.0.0.1/v1',
    'http://user:pass@127.0.0.1/v1',
    'http://127.0.0.1/v1?to=elsewhere',
    'http://127.0.0.1@example.com/v1',
  ])('refuses "%s" with a sentence', (url) => {
    expect(endpointUrl({ url })).toMatchObject({ ok: false, error: expect.stringMatching(/address of a model/) });
  });
});
