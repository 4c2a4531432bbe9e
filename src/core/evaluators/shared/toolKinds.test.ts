import { describe, expect, it } from 'vitest';
import { makeRun } from '../../../../test/support/makeRun.ts';
import type { Action } from '../../trace/model.ts';
import type { JsonObject } from '../../util/json.ts';
import { isEscalation, isGeneric, isPolling, isStopTool, isTidying, nameOf, programOf } from './toolKinds.ts';

const action = (tool: string, args: JsonObject = {}): Action => {
  const [made] = makeRun([{ calls: [{ tool, with: args }] }]).steps[0]?.actions ?? [];
  if (made === undefined) throw new Error('no action made');
  return made;
};

describe('kinds of tools', () => {
  it.each([
    ['wait', {}],
    ['check_status', { id: 1 }],
    ['mcp__browser__take_screenshot', {}],
    ['get_current_time', {}],
    ['computer', { action: 'screenshot' }],
    ['bash', { command: 'sleep 5' }],
  ])('%s %j is polling', (tool, args) => {
    expect(isPolling(action(tool, args))).toBe(true);
  });

  it.each([
    ['get_order', { id: 1 }],
    ['update_time_sheet', { id: 1 }],
    ['bash', { command: 'pytest' }],
  ])('%s %j is no polling', (tool, args) => {
    expect(isPolling(action(tool, args))).toBe(false);
  });

  it('knows tools whose effect lies in what they are given', () => {
    expect(['bash', 'execute_sql', 'http_request', 'browser_click'].map((tool) => isGeneric(action(tool)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['cancel_order', 'search_query', 'find_user_id_by_name_zip'].map((tool) => isGeneric(action(tool)))).toEqual(
      [false, false, false],
    );
  });

  it('finds the program of a shell line, past changes of folder and modules', () => {
    expect(programOf(action('bash', { command: 'cd app && FOO=1 python -m pytest -q' }))).toBe('pytest');
    expect(programOf(action('bash', { command: '/usr/bin/git status' }))).toBe('git');
    expect(programOf(action('bash', { command: '> out.txt pip install flask' }))).toBe('pip');
    expect(programOf(action('bash', { command: '2>/dev/null >> log git status' }))).toBe('git');
    expect(programOf(action('bash', { command: '> empty.txt' }))).toBeUndefined();
    expect(programOf(action('bash', { command: '> python3 -c "x"' }))).toBeUndefined();
    expect(programOf(action('get_order', { id: 1 }))).toBeUndefined();
    expect(nameOf(action('bash', { command: 'make all' }))).toBe('bash (make)');
  });

  it('knows finishing, hand-over and tidying tools', () => {
    expect(['submit', 'attempt_completion', 'taskDone'].every(isStopTool)).toBe(true);
    expect(['submit_order', 'done_list'].some(isStopTool)).toBe(false);
    expect(isEscalation('transfer_to_human_agents')).toBe(true);
    expect(isEscalation('transfer_money')).toBe(false);
    expect(isTidying('close_browser')).toBe(true);
    expect(isTidying('close_account')).toBe(false);
  });
});
