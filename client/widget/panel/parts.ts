/**
 * What is not needed at first. Each part is a chunk of its own, loaded when it is first asked for.
 *
 * To add one: write its module, and name it in `LOADERS`. The chunk holds a copy of what it imports,
 * so it imports types and small pure functions of the panel, and is handed everything else. Its
 * styles are its export `css`. Whoever draws it asks with `get`, and draws something that does
 * without it until it is there: the panel is drawn again then.
 */
const LOADERS = {
  alerts: () => import('./alerts.ts'),
  afterChat: () => import('./after-chat/after-chat.tsx'),
  content: () => import('./content/content.tsx'),
  files: () => import('./files/files-part.tsx'),
  markdown: () => import('./text/rich-text.tsx'),
};

type PartName = keyof typeof LOADERS;
type Part<Name extends PartName> = Awaited<ReturnType<(typeof LOADERS)[Name]>>;

export class Parts {
  readonly #onLoaded: (css: string | undefined) => void;
  readonly #loaded: { [Name in PartName]?: Part<Name> } = {};
  readonly #loading = new Set<PartName>();

  /** @param onLoaded a part is there, with its styles if it has any of its own. */
  constructor(onLoaded: (css: string | undefined) => void) {
    this.#onLoaded = onLoaded;
  }

  /** @returns undefined as long as it is not there. One that could not be loaded is tried again with the next call. */
  get<Name extends PartName>(name: Name): Part<Name> | undefined {
    if (!this.#loaded[name]) void this.#load(name);
    return this.#loaded[name];
  }

  async #load(name: PartName): Promise<void> {
    if (this.#loading.has(name)) return;
    this.#loading.add(name);
    try {
      const part = await LOADERS[name]();
      Object.assign(this.#loaded, { [name]: part });
      this.#onLoaded((part as { readonly css?: string }).css);
    } catch {
      // The browser has told which file is missing. What is drawn does without it.
    } finally {
      this.#loading.delete(name);
    }
  }
}
