import { screenshotPath, test } from './support/vscodeTest.ts';

const POLICY = 'hindstep.policy.json';

test('a policy that is saved judges an open trace anew, and says at its line what it means nothing by', async ({
  workbench,
  workspace,
}) => {
  workspace.write(POLICY, '{\n  // nothing yet\n}\n');
  await workbench.open();
  await workbench.openTrace('traces/cancel-duplicate-order.trace.json');
  await workbench.statusBarItem(/^step \d of 6/).waitFor();
  const rows = await workbench.problems();
  await rows.filter({ hasText: '(step 5)' }).first().waitFor();

  workspace.write(POLICY, '{\n  "deny": ["cancel_order"],\n  "alow": []\n}\n');
  await rows.filter({ hasText: 'cancel_order is a tool that the policy denies. (step 5)' }).first().waitFor();
  await rows.filter({ hasText: '"alow" means nothing here' }).filter({ hasText: 'Ln 3, Col 3' }).first().waitFor();
  await workbench.page.screenshot({ path: screenshotPath('policy') });

  workspace.write(POLICY, '{ "deny": [] }\n');
  await rows.filter({ hasText: 'the policy denies' }).first().waitFor({ state: 'detached' });
  await rows.filter({ hasText: 'means nothing here' }).first().waitFor({ state: 'detached' });
});
