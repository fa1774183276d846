/** Addresses that come from people or from the page. Pure. */

export function isAddress(text: string): boolean {
  try {
    return new URL(text).href !== '';
  } catch {
    return false;
  }
}

/** @returns the address if it leads to a page, a mailbox or a telephone: no script, no file, no data. */
export function safeHref(address: string): string | undefined {
  return /^(https?:\/\/[^/]|mailto:|tel:)/i.test(address) && isAddress(address)
    ? address
    : undefined;
}
