import type { Child } from '#client/widget/jsx/jsx-runtime';
import { type Inline, parseMarkdown } from './markdown.ts';

/** A message's text with its emphasis, lists and links; whatever it holds, it is text and never markup. */
export function RichText({ text }: { readonly text: string }) {
  return <>{parseMarkdown(text).map(drawBlock)}</>;
}

function drawBlock(block: ReturnType<typeof parseMarkdown>[number]): Child {
  if (block.kind === 'code') return <pre>{block.text}</pre>;
  if (block.kind === 'paragraph') return <p>{block.children.map(drawInline)}</p>;
  const items = block.items.map((item) => <li>{item.map(drawInline)}</li>);
  return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
}

function drawInline(inline: Inline): Child {
  switch (inline.kind) {
    case 'text':
      return inline.text;
    case 'break':
      return <br />;
    case 'code':
      return <code>{inline.text}</code>;
    case 'strong':
      return <strong>{inline.children.map(drawInline)}</strong>;
    case 'em':
      return <em>{inline.children.map(drawInline)}</em>;
    case 'link':
      return (
        <a href={inline.href} target="_blank" rel="noopener noreferrer nofollow">
          {inline.text}
        </a>
      );
  }
}
