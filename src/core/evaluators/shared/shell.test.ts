import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandsOf, shellCommandOf } from './shell.ts';

const words = (line: string) => commandsOf(line).map((command) => command.words);

describe('commandsOf', () => {
  it.each<[string, string[][]]>([
    [
      'ls -la | grep x && rm a; echo b',
      [
        ['ls', '-la'],
        ['grep', 'x'],
        ['rm', 'a'],
        ['echo', 'b'],
      ],
    ],
    ['echo "a; rm b" \'c | d\'', [['echo', 'a; rm b', 'c | d']]],
    ['A=1 sudo /usr/bin/rm x', [['rm', 'x']]],
    ['> log 2>/dev/null rm x', [['rm', 'x', '>', 'log', '2>/dev/null']]],
    ['> log', [['>', 'log']]],
    ['if true; then rm x; fi', [['if', 'true'], ['rm', 'x'], ['fi']]],
    ['cat <<EOF > f\nrm -rf /\nEOF\nls', [['cat', '>', 'f'], ['ls']]],
    ["python - <<'PY'\nimport os\nPY", [['python', '-']]],
    [
      'make 2>&1 | tee log # rm x',
      [
        ['make', '2>&1'],
        ['tee', 'log'],
      ],
    ],
    ['echo $(rm x)', [['echo', '$(rm x)']]],
    ['a \\\n b', [['a', 'b']]],
    ['', []],
  ])('%s', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it('ends on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab <<\'"\\$()|;&\n#>E'.split('')), maxLength: 60 }), (line) => {
        expect(commandsOf(line).length).toBeLessThanOrEqual(line.length);
      }),
    );
  });
});

describe('shellCommandOf', () => {
  const call = (tool: string, args: Record<string, string | string[]>) =>
    shellCommandOf({ tool, arguments: args, argumentsRecorded: true });

  it('knows shell tools by name, and by a lone command', () => {
    expect(call('bash', { command: 'ls' })).toBe('ls');
    expect(call('run', { cmd: 'ls', timeout: '5' })).toBe('ls');
    expect(call('shell', { command: ['bash', '-lc', 'rm x'] })).toBe('rm x');
    expect(call('str_replace_editor', { command: 'view', path: '/a' })).toBeUndefined();
    expect(call('search', { query: 'rm x' })).toBeUndefined();
  });
});
