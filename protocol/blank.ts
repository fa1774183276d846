/**
 * What shows nothing: white space, control characters, and those that Unicode lets be ignored in
 * display (zero-width ones, soft hyphens, fillers, selectors, tags), the annotation marks and the
 * empty Braille pattern.
 */
const NOTHING_TO_SEE = /^[\p{space}\p{Cc}\p{DI}\uFFF9-\uFFFB\u2800]*$/u;

/** Would nobody see anything of this text? */
export function isBlank(text: string): boolean {
  return NOTHING_TO_SEE.test(text);
}
