import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';

/** The debugger of a trace: what a person sees and presses in it, by role and name. */
export class DebuggerView {
  private readonly frameElement: Locator;

  constructor(private readonly page: Page) {
    // VS Code puts an extension's page into a frame within a frame.
    this.frameElement = page.locator('iframe.webview.ready:visible').last().contentFrame().locator('#active-frame');
  }

  get frame(): FrameLocator {
    return this.frameElement.contentFrame();
  }

  /** The page itself, to run a script in. */
  async content(): Promise<Frame> {
    const frame = await (await this.frameElement.elementHandle())?.contentFrame();
    if (!frame) throw new Error('The debugger has no page.');
    return frame;
  }

  get steps(): Locator {
    return this.frame.getByRole('tree', { name: 'Steps' });
  }

  get selectedStep(): Locator {
    return this.steps.getByRole('treeitem', { selected: true });
  }

  get toolbar(): Locator {
    return this.frame.getByRole('toolbar', { name: 'Step', exact: true });
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
