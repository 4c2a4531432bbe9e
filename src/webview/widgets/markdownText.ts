import { lexer, type Token } from 'marked';

/** What a markdown text is drawn from: a small language of its own, so that nothing of HTML can slip through. */
export type Block =
  | { readonly kind: 'paragraph'; readonly inline: readonly Inline[] }
  | { readonly kind: 'heading'; readonly level: number; readonly inline: readonly Inline[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly start: number; readonly items: readonly Item[] }
  | { readonly kind: 'table'; readonly head: readonly Inline[][]; readonly rows: readonly Inline[][][] }
  | { readonly kind: 'rule' };

export interface Item {
  readonly checked: boolean | undefined;
  readonly blocks: readonly Block[];
}

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'deleted'; readonly inline: readonly Inline[] }
  /** Drawn as text with its address: a trace's links are not for clicking. */
  | { readonly kind: 'link'; readonly inline: readonly Inline[]; readonly address: string }
  /** Never loaded. */
  | { readonly kind: 'image'; readonly text: string; readonly address: string }
  | { readonly kind: 'break' };

/** Reads markdown. Raw HTML stays text; addresses that are not http or https lose their link. */
export function readMarkdown(text: string): Block[] {
  return blocksOf(lexer(text));
}

function blocksOf(tokens: readonly Token[]): Block[] {
  return tokens.flatMap((token): Block[] => {
    switch (token.type) {
      case 'space':
      case 'def':
        return [];
      case 'paragraph':
        return [{ kind: 'paragraph', inline: inlineOf(token.tokens ?? []) }];
      case 'heading':
        return [{ kind: 'heading', level: token.depth, inline: inlineOf(token.tokens ?? []) }];
      case 'code':
        return [{ kind: 'code', language: token.lang ?? '', text: token.text }];
      case 'blockquote':
        return [{ kind: 'quote', blocks: blocksOf(token.tokens ?? []) }];
      case 'hr':
        return [{ kind: 'rule' }];
      case 'list':
        return [
          {
            kind: 'list',
            ordered: token.ordered,
            start: typeof token.start === 'number' ? token.start : 1,
            items: token.items.map((item: { task: boolean; checked?: boolean; tokens: Token[] }) => ({
              checked: item.task ? item.checked === true : undefined,
              blocks: blocksOf(item.tokens),
            })),
          },
        ];
      case 'table':
        return [
          {
            kind: 'table',
            head: token.header.map((cell: { tokens: Token[] }) => inlineOf(cell.tokens)),
            rows: token.rows.map((row: { tokens: Token[] }[]) => row.map((cell) => inlineOf(cell.tokens))),
          },
        ];
      case 'text':
        return [{ kind: 'paragraph', inline: 'tokens' in token ? inlineOf(token.tokens ?? []) : textOf(token.raw) }];
      case 'checkbox':
        return [];
      default:
        // HTML, and whatever else there may be: as it stands in the text.
        return token.raw.trim() === '' ? [] : [{ kind: 'paragraph', inline: textOf(token.raw.trimEnd()) }];
    }
  });
}

function inlineOf(tokens: readonly Token[]): Inline[] {
  return tokens.flatMap((token): Inline[] => {
    switch (token.type) {
      case 'text':
        return 'tokens' in token && token.tokens !== undefined
          ? inlineOf(token.tokens)
          : textOf(unescapeEntities(token.text));
      case 'escape':
        return textOf(unescapeEntities(token.text));
      case 'codespan':
        return [{ kind: 'code', text: token.text }];
      case 'strong':
        return [{ kind: 'strong', inline: inlineOf(token.tokens ?? []) }];
      case 'em':
        return [{ kind: 'emphasis', inline: inlineOf(token.tokens ?? []) }];
      case 'del':
        return [{ kind: 'deleted', inline: inlineOf(token.tokens ?? []) }];
      case 'br':
        return [{ kind: 'break' }];
      case 'link': {
        const inline = inlineOf(token.tokens ?? []);
        return isWeb(token.href)
          ? [{ kind: 'link', inline, address: token.href }]
          : [...inline, ...textOf(` (${token.href})`)];
      }
      case 'image':
        return [{ kind: 'image', text: token.text, address: token.href }];
      case 'checkbox':
        return [];
      default:
        return textOf(token.raw);
    }
  });
}

function textOf(text: string): Inline[] {
  return [{ kind: 'text', text }];
}

function isWeb(address: string): boolean {
  return /^https?:\/\//i.test(address);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The five entities that the lexer leaves or makes. */
function unescapeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

/** True when a text that may be anything looks as though it was written as markdown. */
export function looksLikeMarkdown(text: string): boolean {
  const head = text.slice(0, 4000);
  const signs = [
    /^#{1,6} \S/m,
    /^```/m,
    /^\s*[-*] \S.*\n\s*[-*] \S/m,
    /\*\*[^*\n]+\*\*/,
    /^\|.+\|\n\|[-: |]+\|/m,
    /\]\(https?:/,
  ];
  return signs.filter((sign) => sign.test(head)).length >= 2;
}
