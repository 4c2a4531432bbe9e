import Anser from 'anser';

export interface AnsiSpan {
  readonly text: string;
  /** CSS classes; the colours are the terminal's of the theme. */
  readonly classes: string;
  /** A colour of the 24-bit or 256-colour palette, as `rgb(…)`. */
  readonly color?: string;
  readonly background?: string;
}

export const ESC = '\u001b';
const BELL = '\u0007';
/** Sets colours and weight, and takes no room on screen. */
export const COLOURS = new RegExp(`${ESC}\\[[0-9;:]*m`, 'g');
/** Titles and links, moves of the cursor, character sets, and the short ones. */
const OTHER_SEQUENCES = new RegExp(
  [
    `${ESC}\\][^${BELL}${ESC}]*(?:${BELL}|${ESC}\\\\)`,
    `${ESC}\\[[0-9;?=>!]*[@-ln-~]`,
    `${ESC}[()#][0-9A-Za-z]`,
    `${ESC}[=>78cDEHMNOZ]`,
  ].join('|'),
  'g',
);

/** True when a text has colours of a terminal in it. */
export function hasAnsi(text: string): boolean {
  return text.search(COLOURS) >= 0;
}

/** The text as a terminal leaves it: sequences that set no colour are dropped, a lone carriage return starts a line. */
export function plainTerminal(text: string): string {
  return text.replace(OTHER_SEQUENCES, '').replace(/\r+\n/g, '\n').replace(/\r/g, '\n');
}

const COLORS: Readonly<Record<string, string>> = {
  'ansi-black': 'black',
  'ansi-red': 'red',
  'ansi-green': 'green',
  'ansi-yellow': 'yellow',
  'ansi-blue': 'blue',
  'ansi-magenta': 'magenta',
  'ansi-cyan': 'cyan',
  'ansi-white': 'white',
  'ansi-bright-black': 'bright-black',
  'ansi-bright-red': 'bright-red',
  'ansi-bright-green': 'bright-green',
  'ansi-bright-yellow': 'bright-yellow',
  'ansi-bright-blue': 'bright-blue',
  'ansi-bright-magenta': 'bright-magenta',
  'ansi-bright-cyan': 'bright-cyan',
  'ansi-bright-white': 'bright-white',
};

/** A code without a meaning: the parser gives its state only to what follows a sequence. */
const NO_CHANGE = '\u001b[999m';

/**
 * Colours of a terminal text, line by line. A colour that is set holds until it is reset, over line ends too, so lines are
 * read in order up to the one that is asked for; each is read once.
 */
export class AnsiLines {
  private readonly anser = new Anser();
  private readonly done: AnsiSpan[][] = [];

  constructor(private readonly lineAt: (line: number) => string) {}

  spans(line: number): readonly AnsiSpan[] {
    while (this.done.length <= line) this.done.push(this.read(this.lineAt(this.done.length)));
    return this.done[line] ?? [];
  }

  private read(line: string): AnsiSpan[] {
    return this.anser.ansiToJson(`${NO_CHANGE}${line}`, { use_classes: true, remove_empty: true }).map((entry) => {
      const color = rgbOf(entry.fg, entry.fg_truecolor);
      const background = rgbOf(entry.bg, entry.bg_truecolor);
      const classes = [
        ...(COLORS[entry.fg] === undefined ? [] : [`ansi-${COLORS[entry.fg]}`]),
        ...(COLORS[entry.bg] === undefined ? [] : [`ansi-on-${COLORS[entry.bg]}`]),
        ...entry.decorations.map((decoration) => `ansi-${decoration}`),
      ];
      return {
        text: entry.content,
        classes: classes.join(' '),
        ...(color !== undefined && { color }),
        ...(background !== undefined && { background }),
      };
    });
  }
}

function rgbOf(name: string | null, trueColor: string | null): string | undefined {
  if (name === 'ansi-truecolor' && trueColor !== null && /^[\d, ]+$/.test(trueColor)) return `rgb(${trueColor})`;
  const palette = /^ansi-palette-(\d+)$/.exec(name ?? '')?.[1];
  return palette === undefined ? undefined : paletteColor(Number(palette));
}

/** Colours 16 to 255 of xterm: a cube of 6×6×6, then 24 greys. */
function paletteColor(index: number): string | undefined {
  if (index >= 232)
    return `rgb(${Array(3)
      .fill(8 + (index - 232) * 10)
      .join(', ')})`;
  if (index < 16) return undefined;
  const level = (part: number) => (part === 0 ? 0 : 55 + part * 40);
  const cube = index - 16;
  return `rgb(${[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level).join(', ')})`;
}
