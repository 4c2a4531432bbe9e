import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

// Runs scripts through the two helpers that stand beside people's tests, each in a process of its own kind.
const helpers = resolve(import.meta.dirname, '../../src/core/regression/helpers');

/** What a helper is asked to do in a process of its own. */
export interface Script {
  readonly fixture: object;
  /** `read` reads the fixture from the file `trace`. */
  readonly mode: 'decision' | 'replay' | 'trace' | 'read';
  /** Calls that the agent makes, then its final text. */
  readonly calls?: readonly (readonly [string, object])[];
  readonly finalText?: string;
  readonly trace?: unknown;
  /** For an agent that is called several times: what it does each time. */
  readonly turns?: readonly {
    readonly calls?: readonly (readonly [string, object])[];
    readonly text?: string;
    readonly returns?: object;
    /** Notes what the agent was given under this name. */
    readonly says?: string;
  }[];
  /** The agent catches whatever its tools throw and goes on. */
  readonly stubborn?: boolean;
  /** Tools that may be asked for real; they answer `live`. */
  readonly liveTools?: readonly string[];
}

/** Runs many scripts in one process and answers what each came to, or the error. */
export function inJavaScript(scripts: readonly Script[], env: Record<string, string> = {}): unknown[] {
  const program = `
    import { readFileSync } from 'node:fs';
    import { checkDecision, checkTrace, readFixture, replay } from ${JSON.stringify(join(helpers, 'hindstep-replay.mjs'))};
    const results = [];
    for (const { fixture, mode, calls, finalText, trace, turns, stubborn, liveTools = [] } of JSON.parse(readFileSync(0, 'utf8'))) {
      const answers = [];
      const agent = async ({ callTool, ...given }) => {
        const turn = turns?.shift() ?? { calls, text: finalText };
        if (turn.says) answers.push(given[turn.says]);
        for (const [tool, args] of turn.calls ?? []) {
          try {
            answers.push(await callTool(tool, args));
          } catch (error) {
            if (!stubborn) throw error;
          }
        }
        return turn.returns ?? turn.text ?? '';
      };
      try {
        if (mode === 'read') readFixture(trace);
        const live = Object.fromEntries(liveTools.map((name) => [name, () => 'live']));
        const run =
          mode === 'read' ? { problems: [] }
          : mode === 'trace' ? await checkTrace(fixture, trace)
          : mode === 'replay' ? await replay(fixture, agent, { liveTools: live })
          : await checkDecision(fixture, agent);
        results.push({ problems: run.problems, answers });
      } catch (error) { results.push({ error: error.message }); }
    }
    process.stdout.write(JSON.stringify(results));`;
  return run(process.execPath, ['--input-type=module', '--eval', program], scripts, env);
}

/** The same in Python. */
export function inPython(scripts: readonly Script[], env: Record<string, string> = {}): unknown[] {
  const program = `
import json, sys
sys.path.insert(0, ${JSON.stringify(helpers)})
sys.dont_write_bytecode = True
from hindstep_replay import check_decision, check_trace, read_fixture, replay
results = []
for script in json.load(sys.stdin):
    answers = []
    def agent(call_tool, script=script, answers=answers, **given):
        turns = script.get("turns")
        turn = turns.pop(0) if turns else {"calls": script.get("calls", []), "text": script.get("finalText", "")}
        if "says" in turn:
            answers.append(given[turn["says"]])
        for tool, arguments in turn.get("calls", []):
            try:
                answers.append(call_tool(tool, arguments))
            except BaseException:
                if not script.get("stubborn"):
                    raise
        return turn.get("returns", turn.get("text", ""))
    try:
        fixture, mode = script["fixture"], script["mode"]
        if mode == "read":
            read_fixture(script["trace"])
            results.append({"problems": [], "answers": answers})
            continue
        live = {name: lambda arguments: "live" for name in script.get("liveTools", [])}
        if mode == "trace":
            run = check_trace(fixture, script["trace"])
        else:
            run = replay(fixture, agent, live_tools=live) if mode == "replay" else check_decision(fixture, agent)
        results.append({"problems": run.problems, "answers": answers})
    except Exception as error:
        results.append({"error": str(error)})
json.dump(results, sys.stdout)
`;
  return run('python3', ['-c', program], scripts, env);
}

function run(program: string, args: string[], scripts: readonly Script[], env: Record<string, string>): unknown[] {
  const input = JSON.stringify(scripts);
  const clean = { ...process.env, HINDSTEP_PROOF: '', HINDSTEP_TRACE: '', ...env };
  const options = { input, encoding: 'utf8' as const, env: clean, maxBuffer: 1 << 28 };
  return JSON.parse(execFileSync(program, args, options)) as unknown[];
}
