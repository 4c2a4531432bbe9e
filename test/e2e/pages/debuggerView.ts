import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The debugger of a trace: what a person sees and presses in it, by role and name. */
export class DebuggerView {
  /** VS Code puts an extension's page into a frame within a frame. */
  readonly frame: FrameLocator;

  constructor(private readonly page: Page) {
    this.frame = page.locator('iframe.webview.ready:visible').last().contentFrame().frameLocator('#active-frame');
  }

  get steps(): Locator {
    return this.frame.getByRole('tree', { name: 'Steps' });
  }

  get selectedStep(): Locator {
    return this.steps.getByRole('treeitem', { selected: true });
  }

  get toolbar(): Locator {
    return this.frame.getByRole('toolbar', { name: 'Debug' });
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole('button', { name });
  }

  region(name: 'Thought' | 'Action' | 'Observation' | 'Findings'): Locator {
    return this.frame.getByRole('region', { name });
  }

  /** Presses a key while the debugger has the focus. */
  async press(key: string): Promise<void> {
    await this.steps.focus();
    await this.page.keyboard.press(key);
  }
}
