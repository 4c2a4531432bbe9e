import type { Fixture } from '../core/regression/fixture.ts';
import { err, ok, type Result } from '../core/util/result.ts';
import { endpointUrl } from '../node/judgement/judge/endpointUrl.ts';
import { overAgent } from '../node/replay/agent/agentDriver.ts';
import { agentReference } from '../node/replay/agent/agentReference.ts';
import { overModel } from '../node/replay/model/modelDriver.ts';
import type { Driver } from '../node/replay/replayRun.ts';
import type { Arguments, Option } from './command.ts';
import { wholeNumber } from './wholeNumber.ts';

/** Ways to run an agent whose tools are Hindstep's own: it is handed them, or Hindstep is its loop. */
export const DRIVER_OPTIONS: readonly Option[] = [
  {
    name: 'agent',
    value: 'FILE:NAME',
    words: 'the agent is a callable in a JavaScript, TypeScript or Python file: agents/orders.ts:agent',
  },
  {
    name: 'endpoint',
    value: 'URL',
    words: 'the agent is a model of an OpenAI-compatible server on this computer; Hindstep is its tool loop',
  },
  { name: 'model', value: 'NAME', words: 'which model of --endpoint' },
  {
    name: 'key-variable',
    value: 'NAME',
    words: 'the environment variable that holds the key of --endpoint; it is sent there and nowhere else',
  },
  { name: 'allow-host', value: 'HOST', words: 'lets --endpoint be on this other computer: the run is sent there' },
  { name: 'max-turns', value: 'N', words: 'answers of the model before it is ended (default: 50)' },
];

const MOST_TURNS = 50;

/** The driver that the options name; undefined when they name none. */
export function driverFrom(args: Arguments, fixture: Fixture): Result<Driver | undefined> {
  const [agent, endpoint] = [args.text('agent'), args.text('endpoint')];
  const [model, variable, host] = [args.text('model'), args.text('key-variable'), args.text('allow-host')];
  if (endpoint === undefined) {
    const lone = ['model', 'key-variable', 'allow-host', 'max-turns'].find((name) => args.text(name) !== undefined);
    if (lone !== undefined) return err(`--${lone} needs --endpoint, which says where the model is.`);
    if (agent === undefined) return ok(undefined);
    const file = agentReference(agent);
    return file.ok ? ok(overAgent(file.value, fixture)) : file;
  }
  if (agent !== undefined) return err('Give --agent or --endpoint, not both.');
  if (model === undefined) return err('Which model of the endpoint? Name it with --model.');
  const at = { url: endpoint, ...(host !== undefined && { otherHosts: [host] }) };
  const url = endpointUrl(at);
  if (!url.ok) return host === undefined ? err(`${url.error} --allow-host names another computer.`) : url;
  const key = variable === undefined ? undefined : process.env[variable];
  if (variable !== undefined && !key) return err(`The environment has no variable ${variable}, or it is empty.`);
  const maxTurns = wholeNumber(args, 'max-turns', MOST_TURNS);
  if (!maxTurns.ok) return maxTurns;
  return ok(overModel(fixture, { endpoint: at, model, maxTurns: maxTurns.value, ...(key !== undefined && { key }) }));
}
