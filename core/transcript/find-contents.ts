import type { FlexContents, FlexMessage, FoundContent } from '#core/flex';

/** So many are read for one frame, the latest ones; the others are shown as their body. */
const MAX_LOOK_UPS = 5;

/** By message, as it is given. */
export type Contents = ReadonlyMap<FlexMessage, FoundContent>;

/**
 * Finds what messages are besides their text: of those of agents and bots alone, whatever a customer's
 * says of itself. What can't be read is left out.
 * @param flex absent: only what stands in the messages is shown.
 */
export async function findContents(
  flex: FlexContents | undefined,
  messages: readonly FlexMessage[],
): Promise<Contents> {
  const elsewhere = messages.filter(({ content, contentRef }) => !content && contentRef);
  const found = await Promise.all(
    elsewhere.slice(-MAX_LOOK_UPS).map(async (message) => {
      const content = message.contentRef && (await flex?.findContent(message.contentRef));
      return content ? ([[message, content]] as const) : [];
    }),
  );
  const inside = messages.flatMap((message) =>
    message.content ? [[message, { content: message.content, body: '' }] as const] : [],
  );
  return new Map([...inside, ...found.flat()]);
}
