import { describe, expect, it } from 'vitest';
import type { TestDraft } from '../../protocol/webviewApi.ts';
import {
  changedForm,
  checkForm,
  correctionFields,
  correctionKinds,
  formOf,
  harderRuns,
  runnerFields,
} from './testForm.ts';

const draft: TestDraft = {
  title: 'cancels the duplicate order',
  calls: [{ tool: 'cancel_order', arguments: { order_id: '#2' } }],
  isRepeat: false,
  runners: [
    { id: 'vitest', available: false, why: 'not in package.json', folder: 'src', fileName: 'cancels.test.ts' },
    { id: 'node-test', available: true, why: 'Node is here', folder: 'tests', fileName: 'cancels.test.mjs' },
  ],
  modes: [{ id: 'trace-check', available: true, why: 'needs no agent' }],
  corrections: [
    { correction: { kind: 'edit', tool: 'cancel_order', arguments: { order_id: '#1' } }, why: 'the older order' },
    { correction: { kind: 'forbid', tool: 'cancel_order', arguments: { order_id: '#2' } }, why: 'must not happen' },
  ],
  agents: [],
  tools: ['cancel_order', 'get_order'],
  variantBasis: { before: [{ tool: 'get_order', effect: 'read' }], writers: ['cancel_order'] },
  redactions: [],
};

describe('the form of a test', () => {
  it('keeps the title to the correction until somebody types one', () => {
    const form = changedForm(draft, formOf(draft), { title: 'calls cancel_order with order_id A-1' });
    const automatic = {
      ...form,
      correction: 'edit' as const,
      tool: 'cancel_order',
      argumentsText: '{"order_id": "A-1"}',
    };
    const forbidden = changedForm(draft, automatic, { correction: 'forbid' });
    expect(forbidden.title).toBe('does not call cancel_order with order_id A-1');
    expect(changedForm(draft, forbidden, { argumentsText: '{"order_id": ' }).title).toBe(forbidden.title);
    const typed = changedForm(draft, forbidden, { title: 'leaves the lamp alone' });
    expect(changedForm(draft, typed, { correction: 'edit' }).title).toBe('leaves the lamp alone');
  });

  it('starts from the draft, with the first runner that is available', () => {
    expect(formOf(draft)).toMatchObject({ runner: 'node-test', mode: 'trace-check', correction: 'edit', agent: '' });
    expect(correctionFields(draft, 'require')).toMatchObject({ tool: 'cancel_order', argumentsText: '{}' });
  });

  it('moves with the runner, but for what the person typed', () => {
    const form = { ...formOf(draft), folder: 'mine' };
    expect(runnerFields(draft, form, 'vitest')).toEqual({ runner: 'vitest', fileName: 'cancels.test.ts' });
  });

  it('asks for a secret to be written only when it was named', () => {
    const released = checkForm(changedForm(draft, formOf(draft), { release: ['<EMAIL_1>'] }), draft);
    expect(released).toMatchObject({ ok: true, request: { release: ['<EMAIL_1>'] } });
  });

  it('asks for harder runs only where the agent is run, and only for those that the correction leaves possible', () => {
    const form = {
      ...formOf(draft),
      mode: 'replay' as const,
      agent: 'agent.ts#run',
      variants: ['injection', 'timeout'],
    };
    expect(checkForm(form, draft)).toMatchObject({ ok: true, request: { variants: ['timeout', 'injection'] } });
    const forbidding = { ...form, ...correctionFields(draft, 'forbid') };
    for (const other of [forbidding, { ...form, mode: 'decision-point' as const }]) {
      const checked = checkForm(other, draft);
      expect(checked.ok && 'variants' in checked.request).toBe(false);
      expect(checked.ok).toBe(true);
    }
    expect(harderRuns(draft, forbidding)[0]).toMatchObject({
      id: 'timeout',
      obstacle: expect.stringMatching(/^no call/),
    });
  });

  it('offers what can be made of a step, and starts from it', () => {
    const claim = "I've cancelled it";
    const says: TestDraft = {
      ...draft,
      calls: [],
      message: 'Done!',
      corrections: [{ correction: { kind: 'mustNotClaim', claim }, why: 'it did not' }],
    };
    expect([correctionKinds(draft), correctionKinds(says)]).toEqual([
      ['edit', 'forbid', 'askFirst', 'require'],
      ['require', 'mustNotClaim'],
    ]);
    expect(checkForm(formOf(says), says)).toMatchObject({ request: { correction: { kind: 'mustNotClaim', claim } } });
    expect(checkForm(changedForm(says, formOf(says), { claim: ' ' }), says)).toMatchObject({
      problems: { claim: 'Say what must not be claimed.' },
    });
    const ask = changedForm(draft, formOf(draft), correctionFields(draft, 'askFirst'));
    expect(checkForm(ask, draft)).toMatchObject({
      request: { title: 'cancels the duplicate order', correction: { kind: 'askFirst', tool: 'cancel_order' } },
    });
  });

  it('says of a call that was made before that it is not to be repeated', () => {
    const again = { ...draft, isRepeat: true, title: 'does not repeat cancel_order with order_id #2' };
    const form = { ...formOf(again), ...correctionFields(again, 'forbid') };
    expect(changedForm(again, form, { argumentsText: '{}' }).title).toBe('does not repeat cancel_order');
  });

  it('takes the agent that the runner can import, unless somebody typed one', () => {
    const both = {
      ...draft,
      agents: ['agents/orders.py', 'agents/orders.ts'].map((path) => ({ path, name: 'agent' })),
    };
    const form = formOf(both);
    expect(form.agent).toBe('agents/orders.ts#agent');
    expect(runnerFields(both, form, 'pytest').agent).toBe('agents/orders.py#agent');
    expect(runnerFields(both, { ...form, agent: 'mine.ts#run' }, 'pytest').agent).toBeUndefined();
  });

  it('becomes a request', () => {
    expect(checkForm(formOf(draft), draft)).toEqual({
      ok: true,
      request: {
        title: 'cancels the duplicate order',
        runner: 'node-test',
        mode: 'trace-check',
        correction: { kind: 'edit', tool: 'cancel_order', arguments: { order_id: '#1' } },
        folder: 'tests',
        fileName: 'cancels.test.mjs',
      },
    });
  });

  it.each([
    [{ argumentsText: '{"order_id": ' }, 'argumentsText'],
    [{ argumentsText: '[1]' }, 'argumentsText'],
    [{ argumentsText: '{"order_id": "#2"}' }, 'argumentsText'],
    [{ title: ' ' }, 'title'],
    [{ folder: '../outside' }, 'folder'],
    [{ folder: '/etc' }, 'folder'],
    [{ fileName: 'a/b.ts' }, 'fileName'],
    [{ mode: 'replay' as const }, 'agent'],
    [{ agent: 'src/agent.ts' }, 'agent'],
  ])('says what is wrong with %j', (change, field) => {
    const checked = checkForm({ ...formOf(draft), ...change }, draft);
    expect(checked.ok ? [] : Object.keys(checked.problems)).toEqual([field]);
  });

  it('gives the agent only to modes that run it', () => {
    const form = { ...formOf(draft), agent: 'src/agent.ts#run' };
    const check = checkForm(form, draft);
    const replay = checkForm({ ...form, mode: 'replay' }, draft);
    expect(check.ok && check.request.agent).toBeFalsy();
    expect(replay.ok && replay.request.agent).toEqual({ path: 'src/agent.ts', name: 'run' });
  });
});
