/** What the scenarios need of a browser, whatever protocol it speaks. */
export interface Browser {
  /** Such as `Firefox 140.12`. */
  readonly name: string;
  newTab(): Promise<Tab>;
  close(): Promise<void>;
}

/** One source of W3C WebDriver's input actions; both protocols take them as they are. */
export type InputSource = Readonly<Record<string, unknown>>;

export interface Tab {
  goto(url: string): Promise<void>;
  /** @param expression its value travels as JSON. */
  evaluate(expression: string): Promise<unknown>;
  perform(sources: readonly InputSource[]): Promise<void>;
}

export const ENTER = '\uE007';

const PATIENCE_MS = 20_000;
const POLL_MS = 50;

/** All elements of the page and of its open shadow trees. */
const DEEP = `(selector) => {
  const below = (root) => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll('*')].flatMap((each) => each.shadowRoot ? below(each.shadowRoot) : []),
  ];
  return below(document).filter((each) => each.checkVisibility?.() ?? each.offsetParent !== null);
}`;

/** Waits until a visible element matches and contains the text, and clicks into its middle. */
export async function click(tab: Tab, selector: string, text = ''): Promise<void> {
  await see(tab, selector, text);
  const found = `(${DEEP})(${JSON.stringify(selector)}).find((each) => each.textContent.includes(${JSON.stringify(text)}))`;
  const { x, y } = (await tab.evaluate(`(() => {
    const element = ${found};
    element.scrollIntoView({ block: 'nearest' });
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: Math.round(left + width / 2), y: Math.round(top + height / 2) };
  })()`)) as { x: number; y: number };
  await tab.perform([
    {
      type: 'pointer',
      id: 'mouse',
      parameters: { pointerType: 'mouse' },
      actions: [
        { type: 'pointerMove', x, y, duration: 0 },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ],
    },
  ]);
}

/** Types key by key, where the focus is. */
export function type(tab: Tab, text: string): Promise<void> {
  const actions = [...text].flatMap((value) => [
    { type: 'keyDown', value },
    { type: 'keyUp', value },
  ]);
  return tab.perform([{ type: 'key', id: 'keyboard', actions }]);
}

/** Waits until a visible element matches, and contains the text. */
export async function see(tab: Tab, selector: string, text = ''): Promise<void> {
  const wanted = `(${DEEP})(${JSON.stringify(selector)}).some((each) => each.textContent.includes(${JSON.stringify(text)}))`;
  await until(tab, wanted, `${selector} with ${JSON.stringify(text)}`);
}

/** @returns the value of the first element that matches. */
export const inputOf = (tab: Tab, selector: string): Promise<unknown> =>
  tab.evaluate(`(${DEEP})(${JSON.stringify(selector)})[0]?.value`);

/** @throws Error that says what was waited for, and what the page shows instead. */
export async function until(tab: Tab, expression: string, what: string): Promise<void> {
  const endsAt = Date.now() + PATIENCE_MS;
  while ((await tab.evaluate(expression)) !== true) {
    if (Date.now() > endsAt) {
      const shown = await tab.evaluate(
        `(${DEEP})('body, .panel').map((each) => each.innerText).join(' / ').slice(0, 500)`,
      );
      throw new Error(`waited for ${what}; the page shows ${JSON.stringify(shown)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
