import { expect, it } from 'vitest';
import { fakeTrace } from '../../test/support/fakeTrace.ts';
import { makeRun } from '../../test/support/makeRun.ts';
import { maskText } from '../core/redact/mask.ts';
import { resolvePointer } from '../core/util/pointer.ts';
import { maskedOrigins, maskedUses } from './maskedProvenance.ts';
import { maskedStep } from './masking.ts';
import { Provenance } from './provenance.ts';

const { signal } = new AbortController();
const KEY = 'sk-proj-a1B2c3D4e5F6g7H8i9J0';
const made = makeRun([
  { user: `Use ${KEY} for W100234.` },
  {
    calls: [
      { tool: 'login', with: { password: 'Sunshine77' }, returns: `{"password":"Moonlight88","order":"W200345"}` },
    ],
  },
  { calls: [{ tool: 'pay', with: { api_key: KEY, order: 'W100234', password: 'sunshine-77', next: 'W200345' } }] },
  { calls: [{ tool: 'pay', with: { x_name: btoa('Moonlight88'), again: 'Moonlight88' } }] },
]);
const trace = fakeTrace(made);
const read = (step: number) => trace.step(made.run, step);

it('has no secret in any origin, and places that count in the masked texts', async () => {
  const all = [];
  for (const step of [1, 2, 3]) {
    all.push(...(await maskedOrigins(await new Provenance().origins(trace, made.run, step, signal), read)));
  }
  const said = JSON.stringify(all);
  for (const secret of [KEY, 'Sunshine77', 'sunshine-77']) expect(said).not.toContain(secret);
  const quotes = all.flatMap(({ sources }) => sources.map(({ quote }) => quote));
  expect(quotes).not.toContain('Moonlight88');
  const order = all.find(({ value }) => value === 'W100234')?.sources[0];
  expect(order?.quote).toBe('W100234');
  expect(maskText(`Use ${KEY} for W100234.`).slice(order?.range?.start, order?.range?.end)).toBe('W100234');
  const ranged = all.flatMap(({ sources }) => sources).filter(({ range }) => range !== undefined);
  expect(ranged.length).toBeGreaterThan(1);
  for (const { step, pointer, range, quote } of ranged) {
    const text = String(resolvePointer(maskedStep(await read(step)), pointer));
    expect(text.slice(range?.start, range?.end)).toBe(quote);
  }
});

it('has no secret in any list of later uses', async () => {
  const provenance = new Provenance();
  for (const step of [0, 1, 2]) {
    const answer = await maskedUses(await provenance.laterUses(trace, made.run, step, signal), read);
    expect(answer.uses.length).toBeGreaterThan(step === 2 ? -1 : 0);
    const said = JSON.stringify(answer);
    for (const secret of [KEY, 'Sunshine77', 'sunshine-77']) expect(said).not.toContain(secret);
    for (const use of answer.uses) expect([use.value, use.place.quote]).not.toContain('Moonlight88');
  }
});
