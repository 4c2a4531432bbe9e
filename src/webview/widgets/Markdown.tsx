import { useMemo } from 'preact/hooks';
import { LongText } from './LongText.tsx';
import { type Block, type Inline, readMarkdown } from './markdownText.ts';
import { Visible } from './Visible.tsx';

/** Markdown of a trace, drawn from tokens: no HTML, no link to click, no picture from elsewhere. */
export function Markdown({ text }: { readonly text: string }) {
  const blocks = useMemo(() => readMarkdown(text), [text]);
  return <div class="markdown">{blocks.map(drawBlock)}</div>;
}

function drawBlock(block: Block) {
  switch (block.kind) {
    case 'paragraph':
      return <p>{block.inline.map(drawInline)}</p>;
    case 'heading':
      // Headings of a text are no headings of this page.
      return <p class={`markdown-heading markdown-heading-${block.level}`}>{block.inline.map(drawInline)}</p>;
    case 'code':
      return <LongText text={block.text} label={`Code ${block.language}`} />;
    case 'quote':
      return <blockquote>{block.blocks.map(drawBlock)}</blockquote>;
    case 'list': {
      const items = block.items.map((item) => (
        <li class={item.checked === undefined ? '' : 'task'}>
          {item.checked !== undefined && <span class="task-mark">{item.checked ? '☑' : '☐'}</span>}
          {item.blocks.map(drawBlock)}
        </li>
      ));
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
    case 'table':
      return (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        <div class="table-frame" tabIndex={0} role="group" aria-label="Table">
          <table>
            <thead>
              <tr>
                {block.head.map((cell) => (
                  <th>{cell.map(drawInline)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row) => (
                <tr>
                  {row.map((cell) => (
                    <td>{cell.map(drawInline)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case 'rule':
      return <hr />;
  }
}

function drawInline(inline: Inline) {
  switch (inline.kind) {
    case 'text':
      return <Visible text={inline.text} />;
    case 'code':
      return (
        <code>
          <Visible text={inline.text} />
        </code>
      );
    case 'strong':
      return <strong>{inline.inline.map(drawInline)}</strong>;
    case 'emphasis':
      return <em>{inline.inline.map(drawInline)}</em>;
    case 'deleted':
      return <del>{inline.inline.map(drawInline)}</del>;
    case 'link':
      return (
        <span class="inert-link" title={inline.address}>
          {inline.inline.map(drawInline)}
          <span class="inert-address">
            {' '}
            <Visible text={inline.address} />
          </span>
        </span>
      );
    case 'image':
      return (
        <span class="inert-link" title="Pictures from elsewhere are not loaded.">
          [image: <Visible text={`${inline.text} ${inline.address}`} />]
        </span>
      );
    case 'break':
      return <br />;
  }
}
