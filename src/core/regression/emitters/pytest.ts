import { assertNever } from '../../util/assertNever.ts';
import helperSource from '../helpers/hindstep_replay.py?raw';
import type { EmitInput, Emitter } from './emitter.ts';
import { commentLine, story } from './javascript.ts';

/** pytest. The test puts its own folder and the agent's on the path, so that it runs from anywhere. */
export const pytest: Emitter = {
  id: 'pytest',
  helperFor: () => ({ name: 'hindstep_replay.py', source: helperSource }),
  fileNameOf: (slug) => `test_${slug.replaceAll('-', '_')}.py`,
  emit: (input) => {
    const { fixture, fixtureFile, agent } = input;
    const { imported, call } = runOf(input);
    const folders = ['HERE', ...(agent === undefined ? [] : [`HERE / ${literal(folderOf(agent.importPath))}`])];
    return `${[
      `"""${docstring(fixture.title)}`,
      '',
      ...story(fixture).map(docstring),
      '"""',
      '',
      'import sys',
      'from pathlib import Path',
      '',
      'HERE = Path(__file__).parent',
      ...folders.map((folder) => `sys.path.insert(0, str(${folder === 'HERE' ? folder : `(${folder}).resolve()`}))`),
      '',
      `from hindstep_replay import ${imported.join(', ')}  # noqa: E402`,
      ...(agent === undefined
        ? []
        : [
            `from ${moduleOf(agent.importPath)} import ${agent.name}${agent.name === 'agent' ? '' : ' as agent'}  # noqa: E402`,
          ]),
      '',
      '',
      `def test_${identifier(fixture.title)}():`,
      `    fixture = read_fixture(HERE / ${literal(fixtureFile)})`,
      `    result = ${call}`,
      '    assert result.problems == []',
      ...(fixture.variants ?? []).flatMap(({ id, title }) => [
        '',
        '',
        `def test_${identifier(`${fixture.title} ${id}`)}():`,
        `    # When ${commentLine(title)}.`,
        `    fixture = read_fixture(HERE / ${literal(fixtureFile)})`,
        `    result = replay(fixture, agent, variant=${literal(id)})`,
        '    assert result.problems == []',
      ]),
    ].join('\n')}\n`;
  },
};

function runOf({ fixture, traceFile }: EmitInput): { imported: string[]; call: string } {
  switch (fixture.mode) {
    case 'trace-check':
      return {
        imported: ['check_trace', 'read_fixture'],
        call: `check_trace(fixture, HERE / ${literal(traceFile ?? '')})`,
      };
    case 'decision-point':
      return { imported: ['check_decision', 'read_fixture'], call: 'check_decision(fixture, agent)' };
    case 'replay':
      return { imported: ['read_fixture', 'replay'], call: 'replay(fixture, agent)' };
    default:
      return assertNever(fixture.mode);
  }
}

/** A Python string literal; JSON's escapes are Python's. */
function literal(text: string): string {
  return JSON.stringify(text);
}

function docstring(text: string): string {
  return commentLine(text).replaceAll('\\', '\\\\').replaceAll('"""', "'''").replace(/"$/, "'");
}

function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/') || '.';
}

function moduleOf(path: string): string {
  return (path.split('/').at(-1) ?? '').replace(/\.py$/, '');
}

function identifier(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 80);
  return words === '' ? 'regression' : words;
}
