import { describe, expect, it } from 'vitest';
import { inlineCalls, resultText, styleOfText } from './inlineCalls.ts';

describe('inlineCalls', () => {
  it('reads function tags, several, with lists as JSON and text as it stands', () => {
    const text =
      'First.\n<function=edit>\n<parameter=path>\na.py\n</parameter>\n<parameter=range>[1, 2]</parameter>\n<parameter=text>  x = "<b>"\n\n</parameter>\n</function>\nThen.\n<function=submit>\n</function>';
    const { calls, rest } = inlineCalls(text, { inlineCalls: 'function-tags' });
    expect(calls.map((call) => [call.tool, call.arguments])).toEqual([
      ['edit', { path: 'a.py', range: [1, 2], text: '  x = "<b>"\n' }],
      ['submit', {}],
    ]);
    expect(calls[1]?.rawArguments).toBe('<function=submit>\n</function>');
    expect(rest).toBe('First.\n\nThen.');
  });

  it('reads a call that the end of the text cuts off', () => {
    const { calls } = inlineCalls('<function=bash>\n<parameter=command>ls', { inlineCalls: 'function-tags' });
    expect(calls.map((call) => [call.tool, call.arguments])).toEqual([['bash', { command: 'ls' }]]);
  });

  it('reads tool_call tags, and says when one holds no JSON', () => {
    const text = 'So:\n<tool_call>\n{"name": "a", "arguments": {"x": 1}}\n</tool_call>\n<tool_call>oops</tool_call>';
    const { calls, rest } = inlineCalls(text, { inlineCalls: 'tool-call-tags' });
    expect(calls.map((call) => [call.tool, call.arguments])).toEqual([
      ['a', { x: 1 }],
      ['(unnamed tool)', {}],
    ]);
    expect(calls[1]?.argumentsProblem).toContain('not written as JSON');
    expect(rest).toBe('So:');
  });

  it('reads exactly one bash block, whose text may hold backticks', () => {
    const one = 'THOUGHT: look\n\n```bash\necho "```" `date`\nls\n```\ndone';
    expect(inlineCalls(one, { inlineCalls: 'bash-blocks' })).toMatchObject({
      calls: [{ tool: 'bash', arguments: { command: 'echo "```" `date`\nls' } }],
      rest: 'THOUGHT: look\n\n\ndone',
    });
    const two = '```bash\nls\n```\n```bash\npwd\n```';
    expect(inlineCalls(two, { inlineCalls: 'bash-blocks' })).toEqual({ calls: [], rest: two });
    expect(inlineCalls('```python\nls\n```', { inlineCalls: 'bash-blocks' }).calls).toEqual([]);
  });

  it('takes nothing out of a text without a style', () => {
    const text = '<function=a></function>';
    expect(inlineCalls(text, {})).toEqual({ calls: [], rest: text });
  });

  it('goes once through texts that open and never close', () => {
    for (const opening of ['<function=a>', '<function=', '<tool_call>', '```bash\n', '<parameter=a>']) {
      const text = `<function=a>${opening.repeat(100_000)}`;
      for (const style of ['function-tags', 'tool-call-tags', 'bash-blocks'] as const) {
        expect(inlineCalls(text, { inlineCalls: style }).calls.length).toBeLessThan(2);
      }
      expect(styleOfText(text)).toBeUndefined();
    }
  });
});

describe('resultText', () => {
  it('takes off what only announces a result', () => {
    expect(resultText('OBSERVATION:\nok')).toBe('ok');
    expect(resultText('Observation: ok')).toBe('ok');
    expect(resultText('<tool_response>\n{}\n</tool_response>')).toBe('{}');
    expect(resultText('no observation: none')).toBe('no observation: none');
  });
});

describe('styleOfText', () => {
  it('tells the styles that a text shows', () => {
    expect(styleOfText('<function=bash>\n</function>')).toBe('function-tags');
    expect(styleOfText('<tool_call>{"name":"a"}</tool_call>')).toBe('tool-call-tags');
    expect(styleOfText('a <tool_call> tag </tool_call> in prose')).toBeUndefined();
    expect(styleOfText('```bash\nls\n```')).toBeUndefined();
  });
});
