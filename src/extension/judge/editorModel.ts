import * as vscode from 'vscode';
import { err, messageOf, ok, type Result } from '../../core/util/result.ts';
import { LONGEST_ANSWER } from '../../node/judgement/judge/params.ts';
import type { ModelToAsk } from './modelToAsk.ts';

/** One of the models that VS Code has, which the person picks; undefined when none is picked. Throws a sentence when there is none. */
export async function editorModel(): Promise<ModelToAsk | undefined> {
  const models = await vscode.lm.selectChatModels();
  if (models.length === 0) {
    throw new Error(
      'VS Code has no language model: an extension that brings one has to be installed and signed in to.',
    );
  }
  const picked = await vscode.window.showQuickPick(
    models.map((model) => ({ label: model.name, description: `${model.vendor} · ${model.family}`, model })),
    { title: 'Which model is to judge?', placeHolder: 'Most of these run on other computers' },
  );
  if (picked === undefined) return undefined;
  const { model } = picked;
  const { id, version, vendor, family } = model;
  return {
    model: { model: id, ...(version !== '' && { version }), host: `${vendor} ${family}`, params: {} },
    where: `${model.name} of ${vendor}, which may run on another computer`,
    ask: ({ system, user }, _labels, signal) => ask(model, [system, user], signal),
  };
}

async function ask(
  model: vscode.LanguageModelChat,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Result<string>> {
  const cancel = new vscode.CancellationTokenSource();
  const stop = () => cancel.cancel();
  signal?.addEventListener('abort', stop);
  try {
    const tokens = await Promise.all(texts.map((text) => model.countTokens(text, cancel.token)));
    const needed = tokens.reduce((sum, count) => sum + count, 0);
    if (needed > model.maxInputTokens) return err(`The question is too long for ${model.name}.`);
    const messages = texts.map((text) => vscode.LanguageModelChatMessage.User(text));
    const justification = 'You asked Hindstep to have a recorded run judged by this model.';
    const answer = await model.sendRequest(messages, { justification }, cancel.token);
    let words = '';
    for await (const piece of answer.text) {
      words += piece;
      if (words.length > LONGEST_ANSWER) {
        cancel.cancel();
        return err('The model gave an answer that is far too long.');
      }
    }
    return words.trim() === '' ? err('The model gave no words.') : ok(words);
  } catch (thrown) {
    signal?.throwIfAborted();
    return err(sentenceOf(thrown, model.name));
  } finally {
    signal?.removeEventListener('abort', stop);
    cancel.dispose();
  }
}

function sentenceOf(thrown: unknown, model: string): string {
  const code = thrown instanceof vscode.LanguageModelError ? thrown.code : undefined;
  switch (code) {
    case vscode.LanguageModelError.NoPermissions.name:
      return `You have not allowed Hindstep to use ${model}.`;
    case vscode.LanguageModelError.Blocked.name:
      return `${model} refuses requests for now, for its limits or its rules.`;
    case vscode.LanguageModelError.NotFound.name:
      return `${model} is not there any more.`;
    default:
      return `${model} could not be asked: ${messageOf(thrown)}`;
  }
}
