import type { FrameLocator, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { DebuggerView } from './debuggerView.ts';

/** VS Code's window, by what is visible in it. */
export class Workbench {
  constructor(
    readonly page: Page,
    private readonly url: string,
  ) {}

  /** Loads the window; `trust` answers the question whether the folder's authors are trusted. */
  async open({ trust = true }: { trust?: boolean } = {}): Promise<void> {
    await this.page.goto(this.url);
    const answer = trust ? /Yes, I trust the authors/ : /No, I don't trust the authors/;
    await this.page.getByRole('button', { name: answer }).click();
    await this.explorer.waitFor();
    await this.untilExtensionsAreKnown();
  }

  /** A file that is opened before VS Code has read the extensions' manifests opens as text. */
  private async untilExtensionsAreKnown(): Promise<void> {
    const offered = this.page.getByRole('option', { name: 'Hindstep: Open in Hindstep' });
    await expect
      .poll(
        async () => {
          await this.page.keyboard.press('F1');
          await this.commandBox.fill('>Hindstep: Open in Hindstep');
          const known = await offered.waitFor({ timeout: 1000 }).then(
            () => true,
            () => false,
          );
          await this.page.keyboard.press('Escape');
          return known;
        },
        { timeout: 30_000 },
      )
      .toBe(true);
  }

  private get commandBox(): Locator {
    return this.page.locator('.quick-input-widget').getByRole('textbox');
  }

  get explorer(): Locator {
    return this.page.getByRole('tree', { name: 'Files Explorer' });
  }

  /** A file of the Explorer; its folders are opened on the way. */
  async file(path: string): Promise<Locator> {
    const names = path.split('/');
    for (const folder of names.slice(0, -1)) {
      const item = this.explorer.getByRole('treeitem', { name: folder, exact: true });
      await item.waitFor();
      if ((await item.getAttribute('aria-expanded')) !== 'true') await item.click();
    }
    return this.explorer.getByRole('treeitem', { name: names.at(-1) ?? '' });
  }

  async openFile(path: string): Promise<void> {
    await (await this.file(path)).dblclick();
  }

  /** Opens a file by double-click and waits for the debugger in it. */
  async openTrace(path: string): Promise<DebuggerView> {
    await this.openFile(path);
    return this.debugger();
  }

  /** Opens any file through the Explorer's menu. */
  async openInHindstep(path: string): Promise<void> {
    await (await this.file(path)).click({ button: 'right' });
    // A fresh menu ignores the mouse for a moment, so that nothing is chosen by accident.
    await this.page.getByRole('menuitem', { name: 'Open in Hindstep' }).hover();
    await this.page.keyboard.press('Enter');
  }

  /**
   * Waits until what VS Code keeps for the next time that the window is opened matches. It writes that down only now and
   * then; what a window had before is lost when it is loaded again too soon.
   */
  async untilKept(what: RegExp): Promise<void> {
    const kept = () =>
      this.page.evaluate(async () => {
        const asked = <T>(request: IDBRequest<T>) =>
          new Promise<T>((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
        let texts = '';
        for (const { name } of await indexedDB.databases()) {
          if (name === undefined || !name.startsWith('vscode-web-state-db')) continue;
          const database = await asked(indexedDB.open(name));
          for (const store of database.objectStoreNames) {
            const values = await asked(database.transaction(store).objectStore(store).getAll());
            texts += `${values.filter((value) => typeof value === 'string').join('\n')}\n`;
          }
          database.close();
        }
        return texts;
      });
    await expect.poll(kept, { timeout: 90_000, interval: 1000 }).toMatch(what);
  }

  async debugger(): Promise<DebuggerView> {
    const view = new DebuggerView(this.page);
    await view.steps.waitFor();
    return view;
  }

  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.commandBox.fill(`>${title}`);
    await this.page.getByRole('option', { name: title }).first().click();
  }

  /** The tab of an editor, by the name of its file. */
  tab(name: string | RegExp): Locator {
    return this.page.getByRole('tab', { name });
  }

  /** The text editor that is shown; debuggers are no text editors. */
  get textEditor(): Locator {
    return this.page.locator('.editor-instance .monaco-editor[role="code"]:visible').last();
  }

  get statusBar(): Locator {
    return this.page.locator('.statusbar');
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.statusBar.getByRole('button', { name: text });
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts').getByText(text);
  }

  get notifications(): Locator {
    return this.page.locator('.notifications-toasts .notification-toast');
  }

  /** The page of the debugger, also when it shows no steps. */
  get debuggerPage(): FrameLocator {
    return new DebuggerView(this.page).frame;
  }

  /** Where the status bar says that the cursor is, from 1. */
  async stepNumber(): Promise<number> {
    const sentence = await this.statusBarItem(/^step \d+ of/).textContent();
    return Number(/step (\d+) of/.exec(sentence ?? '')?.[1]);
  }

  /** Waits until the cursor is where it should be. */
  async untilStepNumber(there: (step: number) => boolean): Promise<void> {
    await expect.poll(async () => there(await this.stepNumber()), { timeout: 10_000 }).toBe(true);
  }

  /** What is selected in the text editor that has the focus, by way of the clipboard. */
  async selectedText(): Promise<string> {
    await this.page.keyboard.press('Control+C');
    return this.clipboard();
  }

  async clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Rows of the Problems panel, which is opened first. */
  async problems(): Promise<Locator> {
    await this.page.keyboard.press('Control+Shift+M');
    const tree = this.page.getByRole('tree', { name: /problem/i });
    await tree.waitFor();
    return tree.getByRole('treeitem');
  }
}
