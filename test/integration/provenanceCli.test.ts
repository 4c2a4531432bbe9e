import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/runCli.ts';

const duplicate = resolve(import.meta.dirname, '../../samples/traces/cancel-duplicate-order.trace.json');

/** A conversation in which one call takes what an earlier one answered. */
function conversation(): string {
  const call = (id: string, args: object, content: string) => [
    {
      role: 'assistant',
      tool_calls: [{ id, type: 'function', function: { name: 'pay', arguments: JSON.stringify(args) } }],
    },
    { role: 'tool', tool_call_id: id, content },
  ];
  const messages = [
    { role: 'user', content: 'Pay with key sk-proj-a1B2c3D4e5F6g7H8i9J0 please' },
    ...call('c1', {}, '{"orders":[{"id":"W100234","total":172.5},{"total":80}]}'),
    ...call('c2', { order: 'w-100234', amount: 252.5, key: 'sk-proj-a1B2c3D4e5F6g7H8i9J0', to: 'X998877' }, 'ok'),
  ];
  const path = join(mkdtempSync(join(tmpdir(), 'provenance-')), 'run.json');
  writeFileSync(path, JSON.stringify(messages));
  return path;
}

describe('hindstep provenance', () => {
  it('says where each argument came from and who took a value later, with credentials masked', async () => {
    const path = conversation();
    const back = await runCli('provenance', path, '--step', '2');
    expect(back.code).toBe(0);
    const said = back.lines.join('\n');
    expect(said).toContain(
      'order = w-100234  (derived: with other separators)\n      ← [1] observation /orders/0/id: “',
    );
    expect(said).toContain('amount = 252.5  (derived: sum of 2 numbers)');
    expect(said).toContain('to = X998877  (FROM NOWHERE)');
    expect(said).not.toContain('sk-proj');
    const forward = (await runCli('provenance', path, '--step', '1')).lines.join('\n');
    expect(forward).toContain('W100234  (observation /orders/0/id)\n      → [2] order  (with other separators)');
    expect((await runCli('provenance', path, '--step', '0')).lines.join('\n')).not.toContain('sk-proj');
  });

  it('gives programs places that hold the quotes', async () => {
    const { code, lines } = await runCli('provenance', duplicate, '--step', '4', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      step: 4,
      origins: [
        { kind: 'direct', sources: [{ step: 3, quote: 'A-1050', range: { start: 0, end: 6 } }] },
        { kind: 'authored' },
      ],
      uses: [],
    });
  });

  it.each([[[]], [['--step', 'last']], [['--step', '99']], [['--step', '1', '--run', 'none']]])(
    'can not answer for %s',
    async (options) => {
      const { code, lines, errors } = await runCli('provenance', duplicate, ...options);
      expect([code, lines]).toEqual([2, []]);
      expect(errors[0]).toMatch(/[.:] /);
    },
  );
});
