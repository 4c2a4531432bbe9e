import { transform } from 'esbuild';
import { buildFixture } from '../../../src/core/regression/buildFixture.ts';
import { checkMutations } from '../../../src/core/regression/checkMutations.ts';
import { EMITTERS } from '../../../src/core/regression/emitters/registry.ts';
import type { Fixture } from '../../../src/core/regression/fixture.ts';
import { fixtureProblem } from '../../../src/core/regression/fixtureProblem.ts';
import { gatherMaterial } from '../../../src/core/regression/material.ts';
import { problemsOf, scriptOf } from '../../../src/core/regression/replay/script.ts';
import { suggestCorrections } from '../../../src/core/regression/suggest.ts';
import { slugOf, titleOf } from '../../../src/core/regression/titleOf.ts';
import { must, type Target } from '../target.ts';

const MODES = ['trace-check', 'decision-point', 'replay'] as const;
/** Steps of one case that a fixture is made of. */
const MOST = 3;

/** From a step to a test: material, suggestions, fixture, the text for every runner, and what judging says. */
export const fixture: Target = {
  id: 'fixtures',
  needsTrace: true,
  attack: async ({ opened, steps, random }) => {
    if (opened === undefined) return;
    for (const { run, step } of steps
      .filter(({ step: { kind } }) => kind !== 'user' && kind !== 'system')
      .slice(0, MOST)) {
      const material = await gatherMaterial(opened, run, step.index);
      for (const { correction } of suggestCorrections(material, undefined, run.expectedActions).slice(0, MOST)) {
        const title = random.chance(0.5) ? titleOf(correction, random.chance(0.5)) : `${run.title} ${correction.kind}`;
        const mode = random.pick(MODES);
        const input = { trace: opened, run, step: step.index, title, mode, correction, hindstepVersion: '0.0.0' };
        const built = await buildFixture(input);
        if (built.ok) await checkFixture(built.value, slugOf(material.calls));
        else must(/[.]$/.test(built.error), `"${built.error}" is no sentence`);
      }
    }
  },
};

async function checkFixture(made: Fixture, slug: string): Promise<void> {
  const again = JSON.parse(JSON.stringify(made)) as Fixture;
  must(JSON.stringify(again) === JSON.stringify(made), 'a fixture is not what it is after writing and reading');
  must(
    JSON.stringify(problemsOf(again, scriptOf(again, 'recorded'))) ===
      JSON.stringify(problemsOf(made, scriptOf(made, 'recorded'))),
    'a fixture that was written judges otherwise',
  );
  const { fixture: checked, mutations } = checkMutations(again);
  for (const { name, script, reason } of mutations) {
    must(problemsOf(checked, script).includes(reason), `nothing notices the change "${name}" of a correction`);
  }
  must(fixtureProblem(again) === undefined, `a fixture can't be used: ${fixtureProblem(again)}`);
  for (const emitter of EMITTERS) {
    const fileName = emitter.fileNameOf(slug);
    must(/^[\w.-]+$/.test(fileName) && !fileName.includes('..'), `a test is called ${fileName}`);
    const text = emitter.emit({
      fixture: made,
      fixtureFile: 'x.fixture.json',
      ...(made.mode === 'trace-check'
        ? { traceFile: '../a.json' }
        : { agent: { importPath: '../agent.js', name: 'agent' } }),
    });
    checkVisible(text);
    if (emitter.id === 'pytest') checkPython(text);
    else await transform(text, { loader: 'js', logLevel: 'silent' });
  }
}

/** What comes from a trace stands in the docstring and in literals: nothing of it begins a line of its own. */
function checkPython(text: string): void {
  const [before, , code = '', ...more] = text.split('"""');
  must(before === '' && more.length === 0, 'the docstring of a Python test ends early');
  const known = /^(?:$|import |from |HERE = |sys\.path|def test_\w+\(\):$| {4}(?:fixture = |result = |assert ))/;
  const strange = code.split('\n').find((line) => !known.test(line));
  must(strange === undefined, `a line of the Python test is ${JSON.stringify(strange)}`);
}

/** Characters that change how a text is shown, and those that no Python or JavaScript file may hold. */
function checkVisible(text: string): void {
  const hidden = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\ufeff]/u.exec(text.replaceAll('\n', ''));
  must(hidden === null, `U+${hidden?.[0].charCodeAt(0).toString(16)} stands in a test as it is`);
}
