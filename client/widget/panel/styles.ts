/** Style sheets of one shadow tree, for as long as its panel is there. No markup, so that every policy allows it. */
export class Styles {
  readonly #root: ShadowRoot;
  readonly #own = new Set<CSSStyleSheet>();

  constructor(root: ShadowRoot) {
    this.#root = root;
  }

  add(css: string): void {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.#own.add(sheet);
    this.#root.adoptedStyleSheets = [...this.#root.adoptedStyleSheets, sheet];
  }

  remove(): void {
    const { adoptedStyleSheets } = this.#root;
    this.#root.adoptedStyleSheets = adoptedStyleSheets.filter((sheet) => !this.#own.has(sheet));
  }
}
