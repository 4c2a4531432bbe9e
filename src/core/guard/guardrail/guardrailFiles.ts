import { bareToolName } from '../../evaluators/shared/toolNames.ts';
import type { ModuleKind } from '../../regression/emitters/emitter.ts';
import { commentLine, quoted } from '../../regression/emitters/javascript.ts';
import type { RunnerId } from '../../regression/fixture.ts';
import type { JsonObject } from '../../util/json.ts';
import javascriptCheck from './guardrail.mjs?raw';
import pythonCheck from './guardrail.py?raw';
import { type GuardRule, ruleWords } from './rule.ts';

/** A call of the recorded run, for the test: whether it had failed, and whether the rule keeps it from being made. */
export type GuardedCallData = {
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly failed?: true;
  readonly refused?: true;
};

export interface GuardrailInput {
  readonly rule: GuardRule;
  /** Where it was recorded: `run.trace.json, step 4`. */
  readonly source: string;
  readonly runner: RunnerId;
  readonly modules: ModuleKind;
  /** The start of the files' names: `cancel-order`. */
  readonly slug: string;
}

/** The calls of a run as the test of a rule plays them. */
export function guardedCalls(
  rule: GuardRule,
  recorded: readonly { readonly tool: string; readonly arguments: JsonObject; readonly isError: boolean }[],
): GuardedCallData[] {
  let worked = 0;
  return recorded.map(({ tool, arguments: args, isError }) => {
    const concerns = bareToolName(tool) === bareToolName(rule.tool);
    const refused = concerns && (rule.kind !== 'once' || worked >= rule.most);
    if (concerns && !refused && !isError) worked++;
    return { tool, arguments: args, ...(isError && { failed: true }), ...(refused && { refused: true }) };
  });
}

/** The name and the text of a file. */
export interface GuardrailFile {
  readonly name: string;
  readonly text: string;
}

/** The check, and the test that proves it on the calls of the recorded run, which stand in a file of their own. */
export function guardrailFiles(
  input: GuardrailInput,
  calls: readonly GuardedCallData[],
): { readonly check: GuardrailFile; readonly calls: GuardrailFile; readonly test: GuardrailFile } {
  const { runner } = input;
  const check = checkFile(input);
  const data = { name: check.name.replace(/\.\w+$/, '.calls.json'), text: `${JSON.stringify(calls, null, 2)}\n` };
  const text =
    runner === 'pytest' ? pythonTest(input, check.name, data.name) : javascriptTest(input, check.name, data.name);
  return { check, calls: data, test: { name: testName(input), text } };
}

/** The same check for no tool of this world: what the test must turn red on. */
export function withoutRule({ name, text }: GuardrailFile): GuardrailFile {
  return {
    name,
    text: text.replace(/^(?:const )?RULE = .*$/m, (line) =>
      line.replace(/("?tool"?: )(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/, '$1"no tool"'),
    ),
  };
}

/** A name that the runner finds. */
export function testName({ runner, slug }: Pick<GuardrailInput, 'runner' | 'slug'>): string {
  switch (runner) {
    case 'pytest':
      return `test_guard_${slug.replaceAll('-', '_')}.py`;
    case 'node-test':
      return `guard-${slug}.test.mjs`;
    case 'vitest':
    case 'jest':
      return `guard-${slug}.test.js`;
  }
}

function checkFile({ rule, source, runner, modules, slug }: GuardrailInput): GuardrailFile {
  const story = commentLine(`From ${source} on: ${ruleWords(rule)}.`);
  const most = rule.kind === 'once' ? rule.most : 0;
  if (runner === 'pytest') {
    const line = `RULE = {"tool": ${JSON.stringify(rule.tool)}, "kind": "${rule.kind}", "most": ${most}}`;
    const text = pythonCheck.replace('{{STORY}}', () => docstring(story)).replace(/^RULE = .*$/m, () => line);
    return { name: `guard_${slug.replaceAll('-', '_')}.py`, text };
  }
  const line = `const RULE = { tool: ${quoted(rule.tool)}, kind: '${rule.kind}', most: ${most} };`;
  const text = javascriptCheck.replace('{{STORY}}', () => story).replace(/^const RULE = .*$/m, () => line);
  if (modules === 'esm') return { name: `guard-${slug}.mjs`, text };
  return { name: `guard-${slug}.cjs`, text: text.replace(/^export (\{ .+ \});$/m, 'module.exports = $1;') };
}

function javascriptTest(input: GuardrailInput, check: string, calls: string): string {
  const { rule, runner, modules } = input;
  const esm = modules === 'esm';
  const load = (names: string, from: string) =>
    esm ? `import { ${names} } from '${from}';` : `const { ${names} } = require('${from}');`;
  const [imports, assertion] = ASSERTIONS[runner === 'pytest' ? 'node-test' : runner];
  const file = esm ? `new URL('./${calls}', import.meta.url)` : `require('node:path').join(__dirname, '${calls}')`;
  return `${[
    ...imports,
    load('readFileSync', 'node:fs'),
    load('guarded, Refused', `./${check}`),
    '',
    `// ${commentLine(`Recorded in ${input.source}. From now on: ${ruleWords(rule)}.`)}`,
    `const calls = JSON.parse(readFileSync(${file}, 'utf8'));`,
    '',
    '/** Makes the calls with the guard before them: `[]` when just those are made that should be. */',
    'async function problemsOf(wanted, answer) {',
    '  let call;',
    '  let wasMade;',
    '  const tool = async () => {',
    '    wasMade = true;',
    "    if (call.failed) throw new Error('It failed in the recorded run, too.');",
    '  };',
    '  const callTool = guarded(tool, async () => answer);',
    '  const problems = [];',
    '  for (const [i, one] of wanted.entries()) {',
    '    call = one;',
    '    wasMade = false;',
    '    await callTool(one.tool, one.arguments).catch((error) => {',
    '      if (!wasMade && !(error instanceof Refused)) throw error;',
    '    });',
    '    const should = answer || !one.refused;',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is the test's
    "    if (wasMade !== should) problems.push(`hindstep: call ${i + 1} (${one.tool}) was ${wasMade ? 'made' : 'refused'}`);",
    '  }',
    '  return problems;',
    '}',
    '',
    `test(${quoted(`${ruleWords(rule)}, and the rest of the run is made`)}, async () => {`,
    `  ${assertion('await problemsOf(calls, false)')}`,
    '});',
    '',
    "test('the run without what is refused is made as it is', async () => {",
    `  ${assertion('await problemsOf(calls.filter((call) => !call.refused), false)')}`,
    '});',
    ...(rule.kind === 'approval'
      ? [
          '',
          "test('all of it is made when a person approves', async () => {",
          `  ${assertion('await problemsOf(calls, true)')}`,
          '});',
        ]
      : []),
  ].join('\n')}\n`;
}

type Assertion = readonly [imports: readonly string[], assertion: (problems: string) => string];

const expected = (problems: string) => `expect(${problems}).toEqual([]);`;
const ASSERTIONS: Readonly<Record<Exclude<RunnerId, 'pytest'>, Assertion>> = {
  'node-test': [
    ["import assert from 'node:assert/strict';", "import { test } from 'node:test';"],
    (problems) => `assert.deepEqual(${problems}, []);`,
  ],
  vitest: [["import { expect, test } from 'vitest';"], expected],
  jest: [['/** @jest-environment node */', ''], expected],
};

function pythonTest({ rule, source }: GuardrailInput, check: string, calls: string): string {
  const module = check.replace(/\.py$/, '');
  return `${[
    `"""${docstring(commentLine(`Recorded in ${source}. From now on: ${ruleWords(rule)}.`))}"""`,
    '',
    'import json',
    'import sys',
    'from pathlib import Path',
    '',
    'HERE = Path(__file__).parent',
    'sys.path.insert(0, str(HERE))',
    '',
    `from ${module} import Refused, guarded  # noqa: E402`,
    '',
    `CALLS = json.loads((HERE / "${calls}").read_text(encoding="utf-8"))`,
    '',
    '',
    'def problems_of(wanted, answer):',
    '    """Makes the calls with the guard before them: [] when just those are made that should be."""',
    '    made = []',
    '',
    '    def tool(name, arguments):',
    '        made.append(name)',
    '        if call.get("failed"):',
    '            raise RuntimeError("It failed in the recorded run, too.")',
    '',
    '    call_tool = guarded(tool, lambda **_: answer)',
    '    problems = []',
    '    for i, call in enumerate(wanted):',
    '        made.clear()',
    '        try:',
    '            call_tool(call["tool"], call["arguments"])',
    '        except Exception as error:',
    '            if not made and not isinstance(error, Refused):',
    '                raise',
    '        should = answer or not call.get("refused", False)',
    '        if bool(made) != should:',
    "            problems.append(f\"hindstep: call {i + 1} ({call['tool']}) was {'made' if made else 'refused'}\")",
    '    return problems',
    '',
    '',
    'def test_refuses_what_the_rule_forbids_and_makes_the_rest():',
    '    assert problems_of(CALLS, False) == []',
    '',
    '',
    'def test_makes_the_run_without_what_is_refused():',
    '    assert problems_of([call for call in CALLS if not call.get("refused")], False) == []',
    ...(rule.kind === 'approval'
      ? ['', '', 'def test_makes_all_of_it_when_a_person_approves():', '    assert problems_of(CALLS, True) == []']
      : []),
  ].join('\n')}\n`;
}

function docstring(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"""', "'''").replace(/"$/, "'");
}
