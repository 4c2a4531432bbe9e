import type { Locator, Page } from 'playwright-core';

/** VS Code's Testing view. */
export class TestExplorer {
  constructor(private readonly page: Page) {}

  async open(): Promise<void> {
    await this.page
      .getByRole('tab', { name: /^Testing/ })
      .first()
      .click();
    await this.tree.waitFor();
  }

  get tree(): Locator {
    return this.page.getByRole('tree', { name: /Test Explorer/ });
  }

  /** A test or a group; VS Code says its state with its name: `title (Failed)`. */
  item(name: string | RegExp): Locator {
    return this.tree.getByRole('treeitem', { name });
  }

  /** Opens a group. */
  async expand(name: string | RegExp): Promise<void> {
    const group = this.item(name);
    await group.waitFor();
    if ((await group.getAttribute('aria-expanded')) !== 'true') await group.locator('.monaco-tl-twistie').click();
  }

  /** Presses a button of a row: `Run Test`, `Debug Test`. */
  async press(name: string | RegExp, button: string | RegExp): Promise<void> {
    const row = this.item(name);
    await row.hover();
    // One that stays pressed is a checkbox.
    await row
      .getByRole('button', { name: button })
      .or(row.getByRole('checkbox', { name: button }))
      .first()
      .click();
  }
}
