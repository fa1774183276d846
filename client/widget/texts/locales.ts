/** The texts of each language; all but the English ones are loaded when they are asked for. */
import { en } from './en.ts';
import type { Texts } from './texts.ts';

const LOADERS: ReadonlyMap<string, () => Promise<Texts>> = new Map([
  ['es', async () => (await import('./es.ts')).es],
  ['fr', async () => (await import('./fr.ts')).fr],
  ['de', async () => (await import('./de.ts')).de],
  ['pt', async () => (await import('./pt.ts')).pt],
  ['it', async () => (await import('./it.ts')).it],
  ['nl', async () => (await import('./nl.ts')).nl],
  ['ja', async () => (await import('./ja.ts')).ja],
  ['ar', async () => (await import('./ar.ts')).ar],
  ['he', async () => (await import('./he.ts')).he],
]);

/** @returns the texts of the language, such as `de`; English ones if it has none or they can't be loaded. */
export async function loadTexts(language: string): Promise<Texts> {
  try {
    return (await LOADERS.get(language)?.()) ?? en;
  } catch {
    return en;
  }
}
