import * as vscode from 'vscode';
import { endpointUrl } from '../../node/judgement/judge/endpointUrl.ts';
import { PARAMS } from '../../node/judgement/judge/params.ts';
import type { Endpoint } from '../../protocol/modelEndpoint.ts';
import { SETTINGS } from '../contributions.ts';
import type { TraceDocument } from '../editor/traceDocument.ts';
import { judgeSettings } from '../settings.ts';
import type { ModelToAsk } from './modelToAsk.ts';

/** Where the servers that people have listen unless told otherwise. */
const USUAL: readonly vscode.QuickPickItem[] = [
  { label: 'Ollama', description: 'http://127.0.0.1:11434/v1' },
  { label: 'LM Studio', description: 'http://127.0.0.1:1234/v1' },
  { label: 'llama.cpp server', description: 'http://127.0.0.1:8080/v1' },
];

/**
 * The model at the endpoint of the person's settings, which is asked for the first time. Undefined when the person gives up;
 * throws a sentence when there is no such model.
 */
export async function localModel(document: TraceDocument, signal: AbortSignal): Promise<ModelToAsk | undefined> {
  const { url, model: wanted, otherHosts } = judgeSettings();
  const chosen = url ?? (await chooseServer());
  if (chosen === undefined) return undefined;
  const endpoint: Endpoint = { url: chosen, otherHosts };
  const parsed = endpointUrl(endpoint);
  if (!parsed.ok) throw new Error(parsed.error);
  const { service } = document;
  const found = await service.endpointModel({ endpoint, ...(wanted !== undefined && { model: wanted }) }, signal);
  if (!found.ok) throw new Error(found.error);
  const { host } = parsed.value;
  const { model } = found.value;
  return {
    model: { ...found.value, host, params: PARAMS },
    where: `${model} at ${host}`,
    ask: ({ system, user }, labels, signal) =>
      service.askEndpoint({ endpoint, model, question: { system, user, labels } }, signal),
  };
}

/** Kept in the person's own settings. */
async function chooseServer(): Promise<string | undefined> {
  const picked = await vscode.window.showQuickPick(USUAL, {
    title: 'Where does the model run?',
    placeHolder: 'A server on this computer; another address is set as hindstep.judge.endpoint',
  });
  if (picked?.description === undefined) return undefined;
  const configuration = vscode.workspace.getConfiguration(SETTINGS.section);
  await configuration.update(SETTINGS.judgeEndpoint, picked.description, vscode.ConfigurationTarget.Global);
  return picked.description;
}
