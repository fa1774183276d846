/** Twilio's auth tokens and API key secrets have 32 letters and digits, a SID has 34. */
export const looksLikeSecret = (text: string): boolean =>
  /(?<![0-9a-z])(?=[a-z]*\d)[0-9a-z]{32}(?![0-9a-z])/i.test(text);
