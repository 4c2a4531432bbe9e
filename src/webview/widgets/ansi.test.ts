import { describe, expect, it } from 'vitest';
import { AnsiLines, hasAnsi, plainTerminal } from './ansi.ts';

function spansOf(text: string) {
  const lines = text.split('\n');
  const ansi = new AnsiLines((line) => lines[line] ?? '');
  return lines.map((_, line) => ansi.spans(line).map((span) => [span.text, span.classes, span.color]));
}

describe('AnsiLines', () => {
  it('colours stretches and carries a colour over line ends', () => {
    expect(spansOf('ok \u001b[31mred\nstill red\u001b[0m plain')).toEqual([
      [
        ['ok ', '', undefined],
        ['red', 'ansi-red', undefined],
      ],
      [
        ['still red', 'ansi-red', undefined],
        [' plain', '', undefined],
      ],
    ]);
  });

  it('knows bold, bright, 256 and 24-bit colours', () => {
    expect(spansOf('\u001b[1;92mA\u001b[0;38;5;196mB\u001b[38;2;1;2;3mC')).toEqual([
      [
        ['A', 'ansi-bright-green ansi-bold', undefined],
        ['B', '', 'rgb(255, 0, 0)'],
        ['C', '', 'rgb(1, 2, 3)'],
      ],
    ]);
  });

  it('keeps HTML as the text that it is', () => {
    expect(spansOf('<img src=x onerror=alert(1)>')[0]?.[0]?.[0]).toBe('<img src=x onerror=alert(1)>');
  });

  it('gives lines in any order', () => {
    const lines = ['\u001b[32ma', 'b', 'c'];
    const ansi = new AnsiLines((line) => lines[line] ?? '');
    expect(ansi.spans(2)[0]?.classes).toBe('ansi-green');
    expect(ansi.spans(0)[0]?.text).toBe('a');
  });
});

describe('plainTerminal', () => {
  it('drops titles, links and cursor moves, and keeps colours', () => {
    const text = '\u001b]0;title\u0007a\u001b[2K\u001b[1Gb\u001b[31mc\r\nd\re';
    expect(plainTerminal(text)).toBe('ab\u001b[31mc\nd\ne');
    expect([hasAnsi(text), hasAnsi('plain')]).toEqual([true, false]);
  });
});
