import * as vscode from 'vscode';
import type { Fork, ForkEdit } from '../../core/regression/fork/forkOf.ts';
import { field, isObject, type Json, tryParse } from '../../core/util/json.ts';
import { editText } from './editText.ts';

interface Choice extends vscode.QuickPickItem {
  readonly change: ForkEdit['kind'];
}

/** Asks what is to be changed of a step, and how. Undefined when the person gives up. */
export async function chooseEdit(step: number, { fixture, step: own }: Fork): Promise<ForkEdit | undefined> {
  const [call] = own.calls;
  const choices: Choice[] = [
    { change: 'none', label: 'Nothing', description: 'decide the step anew, to see whether it is decided alike' },
    ...(call === undefined
      ? []
      : ([
          { change: 'action', label: 'The action', description: `${call.tool}, made with other arguments` },
          { change: 'observation', label: 'The observation', description: `what ${call.tool} answers` },
        ] satisfies Choice[])),
    { change: 'thought', label: 'The thought', description: 'decide the step anew after other words' },
    { change: 'system', label: 'The system prompt', description: 'decide the step anew under another prompt' },
  ];
  const picked = await vscode.window.showQuickPick(choices, {
    title: `Fork from step ${step + 1}: what is different?`,
    placeHolder: 'The agent goes on from there with recorded tools; nothing is called live',
  });
  switch (picked?.change) {
    case undefined:
      return undefined;
    case 'none':
      return { kind: 'none' };
    case 'thought': {
      const text = await editText('Change what the agent thinks, then go on.', own.thought, 'plaintext');
      return text === undefined ? undefined : { kind: 'thought', text };
    }
    case 'system': {
      const recorded = fixture.messages.find(({ role }) => role === 'system')?.content ?? '';
      const text = await editText('Change the system prompt, then go on.', recorded, 'plaintext');
      return text === undefined ? undefined : { kind: 'system', text };
    }
    case 'observation': {
      const text = await editText('Change what the tool answers, then go on.', ...shown(own.observations[0] ?? ''));
      return text === undefined ? undefined : { kind: 'observation', observation: tryParse(text) ?? text };
    }
    case 'action': {
      const recorded = {
        tool: call?.tool ?? '',
        arguments: call?.arguments ?? {},
        observation: own.observations[0] ?? '',
      };
      const question =
        'Change the call, and what it answers, then go on. Without an observation the recording must know it.';
      const text = await editText(question, JSON.stringify(recorded, undefined, 2), 'json', (now) =>
        actionOf(now) === undefined ? NO_ACTION : undefined,
      );
      return text === undefined ? undefined : actionOf(text);
    }
  }
}

/** A text to be edited, and its language. */
function shown(value: Json): [text: string, language: string] {
  return typeof value === 'string' ? [value, 'plaintext'] : [JSON.stringify(value, undefined, 2), 'json'];
}

const NO_ACTION = 'An action is JSON like {"tool": "cancel_order", "arguments": {"order_id": "A-1042"}}.';

function actionOf(text: string): ForkEdit | undefined {
  const made = tryParse(text);
  const [tool, args, observation] = [field(made, 'tool'), field(made, 'arguments') ?? {}, field(made, 'observation')];
  if (typeof tool !== 'string' || !isObject(args)) return undefined;
  return { kind: 'action', call: { tool, arguments: args }, ...(observation !== undefined && { observation }) };
}
