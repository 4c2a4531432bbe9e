import { describe, expect, it } from 'vitest';
import { callOfAction, isHarnessExit } from './sweCommand.ts';
import { errorInObservation } from './sweErrors.ts';

describe('callOfAction', () => {
  it("takes SWE-agent's commands for tools and the rest for bash", () => {
    expect(callOfAction('open a.py 10\n')).toMatchObject({ tool: 'open', arguments: { command: 'open a.py 10' } });
    expect(callOfAction('cd /a && open b')).toMatchObject({ tool: 'bash' });
    expect(callOfAction('submit FLAG{x}\n')).toMatchObject({ tool: 'submit', rawArguments: 'submit FLAG{x}\n' });
    expect(callOfAction(' \n')).toBeUndefined();
  });

  it('makes no call of what the harness writes when it ends a run', () => {
    expect(['exit_cost', 'exit_context\n', 'skip'].map(isHarnessExit)).toEqual([true, true, true]);
    expect(['exit 1', 'submit'].map(isHarnessExit)).toEqual([false, false]);
    expect(callOfAction('exit_cost')).toBeUndefined();
  });
});

describe('errorInObservation', () => {
  it.each([
    ['Your proposed edit has introduced new syntax error(s). Please', 'edit-rejected'],
    ['EXECUTION TIMED OUT because the command', 'timeout'],
    ["The command 'sleep 99' was cancelled because it took more than 30 seconds.", 'timeout'],
    ['No replacement was performed, old_str `a` did not appear', 'edit-rejected'],
    ['Invalid `path` parameter: a.py.', 'invalid-arguments'],
    ['Traceback (most recent call last):\r\n  File "a.py"\r\nKeyError: 1', 'KeyError'],
  ])('sees an error in %j', (text, errorType) => {
    expect(errorInObservation(text)).toEqual({ isError: true, errorSource: 'text', errorType });
  });

  it.each(['', 'Found 3 matches for "timeout"', 'The file a.py has been edited.'])('sees none in %j', (text) => {
    expect(errorInObservation(text)).toEqual({});
  });
});
