/** What becomes of a template that is sent in a message. */
import * as v from 'valibot';
import type { Media } from '../conversations/model.ts';
import { storeMedia } from '../media/stored-media.ts';
import { badRequest, TwilioError } from '../rest/twilio-error.ts';
import type { World } from '../world/world.ts';
import type { ContentTemplate } from './model.ts';

export interface SentContent {
  readonly contentSid: string;
  /** What it says as a text, its gaps filled. */
  readonly body: string;
  /** Only where Twilio lists the content among the media. */
  readonly media?: readonly Media[];
}

const VariablesSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.check((value) => !Array.isArray(value)),
  v.record(v.string(), v.string()),
);

/** Twilio's own SDK looks for it there, and not at the template. */
const RICH_TYPE = 'application/x-vnd.com.twilio.rich.';

/** @throws TwilioError when there is no such template, or its gaps are not filled by texts. */
export function sendContent(
  world: World,
  contentSid: string,
  contentVariables: string | undefined,
): SentContent {
  const template = world.contentTemplates.get(contentSid);
  if (template === undefined) throw new TwilioError(404, 20404, `No template ${contentSid}`);
  const variables = v.safeParse(VariablesSchema, contentVariables ?? '{}');
  if (!variables.success) throw badRequest('ContentVariables: expected an object of texts');
  const [type = '', data] =
    Object.entries(filled(template, { ...template.variables, ...variables.output }))[0] ?? [];
  const sent = { contentSid, body: bodyOf(data as Record<string, unknown>) };
  if (world.unconfirmed().richContent !== 'media') return sent;
  const bytes = Buffer.from(JSON.stringify({ data }));
  const contentType = `${RICH_TYPE}${type.replace('/', '.')}`;
  const { sid } = storeMedia(world, { filename: '', contentType, bytes });
  const item = { sid, filename: '', contentType, size: bytes.length, category: 'body' as const };
  return { ...sent, media: [item] };
}

function filled(
  { types }: ContentTemplate,
  variables: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return JSON.parse(JSON.stringify(types), (_, value: unknown) =>
    typeof value === 'string'
      ? value.replace(/\{\{\s*([^{}\s]+)\s*\}\}/g, (gap, name: string) => variables[name] ?? gap)
      : value,
  );
}

function bodyOf(data: Readonly<Record<string, unknown>>): string {
  const said = [data['title'], data['body'], data['subtitle']].filter((one) => one !== undefined);
  return said.join('\n') || String(data['label'] ?? `${data['latitude']}, ${data['longitude']}`);
}
