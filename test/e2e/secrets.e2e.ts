import { expect } from 'vitest';
import { test } from './support/vscodeTest.ts';

/** Made of parts, so that nobody's scanner takes a test for a leak. */
const KEY = ['sk', 'proj', 'a1B2c3D4e5F6g7H8i9J0'].join('-');

const call = (id: string, name: string, args: object) => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(args) } }],
});

const messages = [
  { role: 'user', content: 'Pay for order A-17.' },
  call('c1', 'get_balance', { account: 'A-17' }),
  { role: 'tool', tool_call_id: 'c1', content: '{"balance": 100, "open": true}' },
  call('c2', 'cancel_order', { api_key: KEY, order_id: 'A-17' }),
  { role: 'tool', tool_call_id: 'c2', content: `cancelled with key ${KEY}` },
  call('c3', 'get_balance', { account: 'A-17' }),
  { role: 'tool', tool_call_id: 'c3', content: '{"balance": 75, "open": true}' },
  { role: 'assistant', content: 'Paid.' },
];

test('secrets are masked until they are asked for', async ({ workbench, workspace }) => {
  workspace.write('traces/pay.trace.json', JSON.stringify({ messages }));
  await workbench.open();
  const view = await workbench.openTrace('traces/pay.trace.json');
  await view.steps.getByRole('treeitem', { name: /cancel_order/ }).click();
  const step = view.frame.getByRole('region', { name: 'Step', exact: true });
  await step.getByText('cancelled with key •••• (API key)').waitFor();
  await step.getByText('irreversible', { exact: true }).waitFor();
  const page = await view.content();
  expect(await page.evaluate('document.body.outerHTML')).not.toContain(KEY);

  await view.button('Show secrets').click();
  await step.getByText(`cancelled with key ${KEY}`).waitFor();
  expect(await page.evaluate('document.body.outerHTML')).not.toContain('••••');
  expect(await view.button('Show secrets').getAttribute('aria-pressed')).toBe('true');

  await workbench.command('Hindstep: Show or Mask Secrets');
  await step.getByText('cancelled with key •••• (API key)').waitFor();
  expect(await page.evaluate('document.body.outerHTML')).not.toContain(KEY);
});

test('an observation is compared with the one of the last call', async ({ workbench, workspace }) => {
  workspace.write('traces/pay.trace.json', JSON.stringify({ messages }));
  await workbench.open();
  const view = await workbench.openTrace('traces/pay.trace.json');
  await view.steps
    .getByRole('treeitem', { name: /get_balance/ })
    .last()
    .click();
  await view.button(/Compare with the last call of get_balance/).click();
  const diff = workbench.page.locator('.monaco-diff-editor');
  await diff.getByText('100').first().waitFor();
  await diff.getByText('75').first().waitFor();
});
