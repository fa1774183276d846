import type { Panel } from './panel/panel.ts';

interface PanelModule {
  readonly Panel: typeof Panel;
}

/** Where the rest of the widget comes from; the script tag and the module load it in ways of their own. */
export type LoadPanel = () => Promise<PanelModule>;
