/** A doc comment, taken apart. */
export interface DocComment {
  /** What comes before the first tag. */
  readonly text: string;
  readonly params: readonly string[];
  readonly returns?: string;
  readonly throws?: string;
  readonly examples: readonly string[];
}

/** @param raw with its delimiters, as API Extractor gives it: each tag begins a line. */
export function parseDocComment(raw = ''): DocComment {
  const lines = raw
    .replace(/^\/\*\*|\*\/\s*$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''));
  const [text = '', ...blocks] = lines.join('\n').split(/^(?=@[a-z])/m);
  const of = (tag: string) =>
    blocks
      .filter((block) => block.startsWith(`@${tag}`))
      .map((block) => block.slice(tag.length + 1).trim());
  const [returns] = of('returns');
  const [thrown] = of('throws');
  return {
    text: text.trim(),
    params: of('param'),
    ...(returns && { returns }),
    ...(thrown && { throws: thrown }),
    examples: of('example'),
  };
}
