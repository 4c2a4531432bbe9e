import type { Locator } from 'playwright-core';
import type { DebuggerView } from './debuggerView.ts';

/** The dialog "Regression test from step …". */
export class TestDialog {
  private readonly dialog: Locator;

  constructor(view: DebuggerView) {
    this.dialog = view.frame.getByRole('dialog', { name: /^Regression test from step/ });
  }

  async waitFor(): Promise<void> {
    await this.dialog.getByRole('textbox', { name: 'Title' }).waitFor();
  }

  /** Chooses one of the radio buttons by the words beside it. */
  async choose(words: string | RegExp): Promise<void> {
    await this.dialog.getByRole('radio', { name: words }).check();
  }

  async setArguments(value: Record<string, unknown>): Promise<void> {
    await this.dialog.getByRole('textbox', { name: /^Arguments/ }).fill(JSON.stringify(value));
  }

  /** The agent under test: `agents/orders.ts#agent`. */
  async setAgent(agent: string): Promise<void> {
    await this.dialog.getByLabel('Agent: file and callable').fill(agent);
  }

  async proveAndWrite(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Prove and write' }).click();
  }

  /** Why nothing can be done. */
  get problem(): Locator {
    return this.dialog.getByRole('alert');
  }

  /** What came of it; proving runs the test three times. */
  get result(): Locator {
    return this.dialog.getByRole('region', { name: 'Result' });
  }

  async untilWritten(): Promise<void> {
    await this.result.getByText('Proved and written.').waitFor({ timeout: 90_000 });
  }

  /** The command with which the dialog says that the test is run. */
  async command(): Promise<string> {
    return (await this.result.locator('.command code').textContent()) ?? '';
  }

  async done(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Done' }).click();
  }
}
