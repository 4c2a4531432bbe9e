import { basename } from 'node:path';
import * as vscode from 'vscode';
import { readFixtureFile } from '../../node/replay/readFixtureFile.ts';
import { FIXTURE_ENDING, findFixtures, isStaged } from '../../node/testRuns/findFixtures.ts';

/** The fixtures of the workspace as VS Code's tests: each under the trace it was made from, or else under its folder. */
export class TestTree {
  private readonly items = new Map<string, vscode.TestItem>();

  constructor(private readonly controller: vscode.TestController) {}

  /** Looks for all fixtures anew. */
  async findAll(): Promise<void> {
    const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
    const files = await findFixtures(folders);
    const found = files.ok ? files.value.map((file) => vscode.Uri.file(file)) : [];
    const there = new Set(found.map(String));
    for (const [key, item] of this.items) if (!there.has(key) && item.uri !== undefined) this.remove(item.uri);
    await Promise.all(found.map((uri) => this.take(uri)));
  }

  /** Reads a fixture that is new or has changed. */
  async take(uri: vscode.Uri): Promise<vscode.TestItem | undefined> {
    if (isStaged(uri.fsPath) || uri.path.includes('/node_modules/')) return undefined;
    const fixture = await readFixtureFile(uri.fsPath);
    const bytes = await vscode.workspace.fs.readFile(uri).then(undefined, () => undefined);
    if (bytes === undefined) {
      // It was deleted in the meantime.
      this.remove(uri);
      return undefined;
    }
    const label = fixture.ok ? fixture.value.title : basename(uri.path, FIXTURE_ENDING);
    const group = this.groupOf(uri, fixture.ok ? fixture.value.source.fileName : '');
    const before = this.items.get(uri.toString());
    if (before !== undefined && before.parent !== group) this.remove(uri);
    // One that stays keeps what VS Code knows of its last run.
    const item = this.items.get(uri.toString()) ?? this.controller.createTestItem(uri.toString(), label, uri);
    // No description: VS Code reads that aloud in place of the title.
    item.label = label;
    item.range = titleRange(new TextDecoder().decode(bytes));
    item.error = fixture.ok ? undefined : fixture.error.replaceAll(uri.fsPath, vscode.workspace.asRelativePath(uri));
    group.children.add(item);
    this.controller.items.add(group);
    this.items.set(uri.toString(), item);
    return item;
  }

  remove(uri: vscode.Uri): void {
    const item = this.items.get(uri.toString());
    if (item === undefined) return;
    const group = item.parent;
    group?.children.delete(item.id);
    if (group?.children.size === 0) this.controller.items.delete(group.id);
    this.items.delete(uri.toString());
  }

  /** The tests that a person asked for: those of groups too, without those left out. */
  asked({ include, exclude = [] }: vscode.TestRunRequest): vscode.TestItem[] {
    const found = new Map<string, vscode.TestItem>();
    const add = (item: vscode.TestItem) => {
      if (exclude.includes(item)) return;
      if (this.items.has(item.id)) found.set(item.id, item);
      for (const [, child] of item.children) add(child);
    };
    for (const [, item] of this.controller.items) if (include === undefined) add(item);
    // An item of the request may be older than the fixture as it stands now.
    for (const item of include ?? []) add(this.items.get(item.id) ?? item);
    return [...found.values()];
  }

  private groupOf(uri: vscode.Uri, trace: string): vscode.TestItem {
    const folder = vscode.workspace.asRelativePath(vscode.Uri.joinPath(uri, '..'));
    const id = trace === '' ? `folder ${folder}` : `trace ${vscode.workspace.getWorkspaceFolder(uri)?.uri} ${trace}`;
    return this.controller.items.get(id) ?? this.controller.createTestItem(id, trace === '' ? folder : trace);
  }
}

/** Where a fixture says what it is about: there the editor draws its mark. */
function titleRange(text: string): vscode.Range {
  const lines = text.split('\n');
  const line = Math.max(
    0,
    lines.findIndex((one) => /^\s*"title"\s*:/.test(one)),
  );
  return new vscode.Range(line, 0, line, lines[line]?.length ?? 0);
}
