import { asArray, asFilledText, field, isObject, type Json } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import { ARGUMENT_MODES, type ArgumentMode, type ExpectedCall, ORDER_MODES, type Reference } from './reference.ts';

/**
 * A reference that a person wrote: a list of calls, `[{"tool": "cancel_order", "arguments": {"id": "A-1042"}}]`, where a
 * list of tools allows any of them; or `{calls, order, argumentModes}`. Undefined when the value is meant for something
 * else; the error is a sentence.
 */
export function readReference(value: Json, from: string): Result<Reference> | undefined {
  const written = Array.isArray(value) ? value : field(value, 'calls');
  if (!Array.isArray(written) || !written.every((call) => toolsOf(call) !== undefined)) return undefined;
  const calls = written.map((call): ExpectedCall => {
    const args = field(call, 'arguments');
    return { tools: toolsOf(call) ?? [''], ...(isObject(args) && { arguments: args }) };
  });
  const order = field(value, 'order') ?? 'in-order';
  const known = ORDER_MODES.find((mode) => mode === order);
  if (known === undefined) return err(`"order" must be one of ${ORDER_MODES.join(', ')}.`);
  const modes: Record<string, ArgumentMode> = Object.create(null);
  for (const [tool, mode] of Object.entries(field(value, 'argumentModes') ?? {})) {
    const found = ARGUMENT_MODES.find((one) => one === mode);
    if (found === undefined) return err(`The mode of ${tool} must be one of ${ARGUMENT_MODES.join(', ')}.`);
    modes[tool] = found;
  }
  return ok({ from, calls, order: known, argumentModes: modes });
}

/** Undefined for what is no call of such a list: a record with more members is one of a trace. */
function toolsOf(call: Json): [string, ...string[]] | undefined {
  if (!isObject(call) || Object.keys(call).some((key) => key !== 'tool' && key !== 'arguments')) return undefined;
  const tool = field(call, 'tool');
  const [first, ...others] = (Array.isArray(tool) ? tool : asArray([tool])).flatMap((name) => asFilledText(name) ?? []);
  return first === undefined ? undefined : [first, ...others];
}
