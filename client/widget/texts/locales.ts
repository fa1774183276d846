/** The texts of each language; all but the English ones are loaded when they are asked for. */
import { texts as english } from './en.ts';
import type { Texts } from './texts.ts';

const LOADERS: ReadonlyMap<string, () => Promise<{ readonly texts: Texts }>> = new Map([
  ['es', () => import('./es.ts')],
  ['fr', () => import('./fr.ts')],
  ['de', () => import('./de.ts')],
  ['pt', () => import('./pt.ts')],
  ['it', () => import('./it.ts')],
  ['nl', () => import('./nl.ts')],
  ['ja', () => import('./ja.ts')],
  ['ar', () => import('./ar.ts')],
  ['he', () => import('./he.ts')],
]);

/** @returns the texts of the language, such as `de`; English ones if it has none or they can't be loaded. */
export async function loadTexts(language: string): Promise<Texts> {
  try {
    return (await LOADERS.get(language)?.())?.texts ?? english;
  } catch {
    return english;
  }
}
