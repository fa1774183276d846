/**
 * What shows nothing: white space, control characters, and those that Unicode lets be ignored in
 * display (zero-width ones, soft hyphens, fillers, selectors, tags), the annotation marks, the
 * empty Braille pattern, the joiners of hieroglyphs and the note without a head.
 */
const NOTHING_TO_SEE = /^[\p{space}\p{Cc}\p{DI}\uFFF9-\uFFFB\u2800\u{13430}-\u{1343F}\u{1D159}]*$/u;

/** Would nobody see anything of this text? */
export function isBlank(text: string): boolean {
  return NOTHING_TO_SEE.test(text);
}
