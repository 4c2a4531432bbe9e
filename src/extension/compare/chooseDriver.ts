import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Fixture } from '../../core/regression/fixture.ts';
import { endpointUrl } from '../../node/judgement/judge/endpointUrl.ts';
import { findAgents } from '../../node/regression/findAgents.ts';
import { overAgent } from '../../node/replay/agent/agentDriver.ts';
import { agentReference } from '../../node/replay/agent/agentReference.ts';
import { overModel } from '../../node/replay/model/modelDriver.ts';
import { offeredTools } from '../../node/replay/offeredTools.ts';
import type { Driver } from '../../node/replay/replayRun.ts';
import { judgeSettings } from '../settings.ts';

interface Choice extends vscode.QuickPickItem {
  readonly driver: () => Promise<Driver | undefined>;
}

const MOST_TURNS = 50;

/** Asks who goes on from a fork: an agent of the workspace, or a model. Undefined when the person gives up. */
export async function chooseDriver(folder: vscode.Uri, fixture: Fixture): Promise<Driver | undefined> {
  const tools = offeredTools(fixture.tools, fixture.recording).map(({ name }) => name);
  const agents = (await findAgents(folder.fsPath, tools)).map(({ path, name }): Choice => {
    const agent = agentReference(`${join(folder.fsPath, path)}:${name}`);
    return {
      label: path,
      description: name,
      driver: async () => {
        if (!agent.ok) throw new Error(agent.error);
        return overAgent(agent.value, fixture);
      },
    };
  });
  const { url } = judgeSettings();
  const model: Choice = {
    label: 'A model',
    description: url === undefined ? 'behind an OpenAI-compatible endpoint on this computer' : `at ${url}`,
    driver: () => modelDriver(fixture),
  };
  const picked = await vscode.window.showQuickPick([...agents, model], {
    title: 'Who goes on?',
    placeHolder: 'An agent of this workspace, which is run, or a model with the recorded tools',
  });
  return picked?.driver();
}

/** A model at the endpoint of the person's own settings, or at one that is asked for. */
async function modelDriver(fixture: Fixture): Promise<Driver | undefined> {
  const { url, model, otherHosts } = judgeSettings();
  const endpoint =
    url ??
    (await vscode.window.showInputBox({ title: 'Where does the model listen?', value: 'http://127.0.0.1:11434/v1' }));
  if (endpoint === undefined) return undefined;
  const at = { url: endpoint, otherHosts };
  const parsed = endpointUrl(at);
  if (!parsed.ok) throw new Error(parsed.error);
  const name = model ?? (await vscode.window.showInputBox({ title: `Which model at ${parsed.value.host}?` }));
  if (name === undefined || name.trim() === '') return undefined;
  return overModel(fixture, { endpoint: at, model: name.trim(), maxTurns: MOST_TURNS });
}
