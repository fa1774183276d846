/**
 * The body of a request as it was sent. A REST API hands it over as text, an HTTP API hands forms
 * over in base64.
 * @param most bytes, or characters where it is text.
 * @returns undefined for one that is longer; nothing is decoded then.
 */
export function bodyOf({ body, isBase64Encoded }: Encoded, most: number): string | undefined {
  const text = body ?? '';
  const length = isBase64Encoded ? Buffer.byteLength(text, 'base64') : text.length;
  if (length > most) return undefined;
  return isBase64Encoded ? Buffer.from(text, 'base64').toString() : text;
}

interface Encoded {
  readonly body?: string | null | undefined;
  readonly isBase64Encoded?: boolean | undefined;
}
