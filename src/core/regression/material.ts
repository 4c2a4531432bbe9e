import { type Effect, effectOf } from '../evaluators/effects.ts';
import type { OpenTrace } from '../formats/openTrace.ts';
import type { Action, Run, Step, ToolDeclaration } from '../trace/model.ts';
import { partsText } from '../trace/stepText.ts';
import { type Json, type JsonObject, tryParse } from '../util/json.ts';

/** A call and its answer as recorded, before anything is redacted. (Type aliases, so that all of it is plain JSON.) */
export type MaterialCall = {
  tool: string;
  arguments: JsonObject;
  observation: Json;
  isError: boolean;
  effect?: Effect;
  /** Index of the step, where it made several calls at once. */
  step?: number;
  /** What the user had said before it, beside the goal. */
  turn?: number;
};
export type MaterialMessage = {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  toolCalls?: { id: string; name: string; arguments: JsonObject }[];
  toolCallId?: string;
};
export type MaterialTool = { name: string; description?: string; inputSchema?: JsonObject; effect?: Effect };

/** What a fixture is made of: read from the trace in one pass, nothing judged or hidden yet. */
export type Material = {
  goal: string;
  /** What was said before the failing decision, by the agent that made it. */
  messages: MaterialMessage[];
  tools: MaterialTool[];
  environment: { state?: Json; clock?: string };
  /** Every call of the run in order. */
  recording: MaterialCall[];
  /** Index into `recording` of the step's first call; for a step without calls, how many calls came before it. */
  position: number;
  calls: { tool: string; arguments: JsonObject }[];
  /** What the step says, when it calls nothing. */
  message?: string;
};

/** Reads a run once for the fixture of one step. Rejects with a sentence when the trace can't be read. */
export async function gatherMaterial(trace: Pick<OpenTrace, 'steps'>, run: Run, index: number): Promise<Material> {
  const failing = run.steps.at(index);
  const material: Material = {
    goal: run.goal ?? '',
    messages: [],
    tools: (run.tools ?? []).map(toolOf),
    environment: {},
    recording: [],
    position: 0,
    calls: [],
  };
  const conversation = new Conversation();
  for await (const step of trace.steps(run)) {
    if (step.index === run.goalStep) material.goal = wordsOf(step);
    // A sub-agent's own conversation is no part of its parent's.
    if (step.index < index && step.parent === failing?.parent) conversation.add(step);
    if (step.index === index) takeFailing(material, step);
    const turn = conversation.turn;
    for (const action of step.actions) {
      material.recording.push({
        ...callOf(action, run),
        ...(step.actions.length > 1 && { step: step.index }),
        ...(turn > 0 && { turn }),
      });
    }
  }
  material.messages = conversation.startingWith(run.systemPrompt, material.goal);
  return material;
}

function toolOf(declaration: ToolDeclaration): MaterialTool {
  const { name, description, inputSchema } = declaration;
  const { effect } = effectOf({ tool: name, arguments: {}, argumentsRecorded: false }, undefined, declaration);
  return {
    name,
    ...(description !== undefined && { description }),
    ...(inputSchema !== undefined && { inputSchema }),
    ...(effect !== 'unknown' && { effect }),
  };
}

function takeFailing(material: Material, step: Step): void {
  material.position = material.recording.length;
  material.calls = step.actions.map(({ tool, arguments: args }) => ({ tool, arguments: args }));
  if (step.actions.length === 0) material.message = wordsOf(step);
  if (step.state?.before !== undefined) material.environment.state = step.state.before;
  const clock = new Date(step.startTime ?? Number.NaN);
  if (!Number.isNaN(clock.getTime())) material.environment.clock = clock.toISOString();
}

/** Turns steps into chat messages. Call ids are its own: recorded ones may be missing, repeated, or look like keys. */
class Conversation {
  private readonly messages: MaterialMessage[] = [];
  private calls = 0;

  /** How often the user has spoken beside the goal. */
  get turn(): number {
    return Math.max(0, this.messages.filter(({ role }) => role === 'user').length - 1);
  }

  add(step: Step): void {
    const content = wordsOf(step);
    if (step.actions.length === 0) {
      if (content !== '') this.messages.push({ role: roleOf(step), content });
      return;
    }
    const made = step.actions.map((action) => ({ id: `call-${++this.calls}`, action }));
    const toolCalls = made.map(({ id, action }) => ({ id, name: action.tool, arguments: action.arguments }));
    this.messages.push({ role: 'assistant', content, toolCalls });
    for (const { id, action } of made) {
      this.messages.push({ role: 'tool', toolCallId: id, content: observationText(action) });
    }
  }

  /** The messages, with the prompt and the goal in front when the steps don't hold them. */
  startingWith(prompt: string | undefined, goal: string): MaterialMessage[] {
    const has = (role: MaterialMessage['role']) => this.messages.some((message) => message.role === role);
    return [
      ...(prompt !== undefined && !has('system') ? [{ role: 'system' as const, content: prompt }] : []),
      ...(goal !== '' && !has('user') ? [{ role: 'user' as const, content: goal }] : []),
      ...this.messages,
    ];
  }
}

function roleOf({ kind }: Step): MaterialMessage['role'] {
  if (kind === 'system') return 'system';
  return kind === 'user' || kind === 'approval' ? 'user' : 'assistant';
}

function wordsOf(step: Step): string {
  return partsText(step.message ?? []);
}

function callOf(action: Action, run: Run): MaterialCall {
  const { tool, arguments: args, observation } = action;
  const declaration = run.tools?.find(({ name }) => name === tool);
  return {
    tool,
    arguments: args,
    observation: answerOf(action),
    isError: observation?.isError === true,
    effect: effectOf(action, undefined, declaration).effect,
  };
}

/** What the tool answered: JSON where it was an object or a list, else its text (an agent that got "5" gets "5" again). */
function answerOf(action: Action): Json {
  const [only, ...more] = action.observation?.content ?? [];
  if (only?.type === 'json' && more.length === 0) return only.value;
  const text = observationText(action);
  return (/^\s*[[{]/.test(text) ? tryParse(text) : undefined) ?? text;
}

function observationText(action: Action): string {
  return partsText(action.observation?.content ?? []);
}
