/**
 * What Twilio takes as content. An action of a type that is not told here is refused, so that
 * nothing is tried that the simulator knows nothing of.
 * Source: https://www.twilio.com/docs/content/content-types-overview and the pages of the types.
 */
import * as v from 'valibot';
import { badRequest } from '../rest/twilio-error.ts';

const text = (maxCharacters: number) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(maxCharacters));
const few = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.pipe(v.array(schema), v.minLength(1), v.maxLength(10));

const TITLE_CHARACTERS = 25;
const ID_CHARACTERS = 200;
const URL_CHARACTERS = 2_000;

/** Public addresses, which may hold gaps. */
const address = v.pipe(text(URL_CHARACTERS), v.regex(/^(https?:\/\/|\{\{)/));

const title = text(TITLE_CHARACTERS);
const reply = v.strictObject({
  type: v.literal('QUICK_REPLY'),
  title,
  id: v.exactOptional(text(ID_CHARACTERS)),
});
const link = v.strictObject({ type: v.literal('URL'), title, url: address });
const call = v.strictObject({ type: v.literal('PHONE_NUMBER'), title, phone: text(20) });
const code = v.strictObject({ type: v.literal('COPY_CODE'), title, code: text(15) });

const countOf = (actions: readonly { readonly type: string }[], type: string): number =>
  actions.filter((one) => one.type === type).length;

const TypesSchema = v.pipe(
  v.strictObject({
    'twilio/text': v.exactOptional(v.strictObject({ body: text(1_600) })),
    'twilio/media': v.exactOptional(
      v.strictObject({ body: v.exactOptional(text(1_600)), media: few(address) }),
    ),
    'twilio/location': v.exactOptional(
      v.strictObject({
        latitude: v.pipe(v.number(), v.minValue(-90), v.maxValue(90)),
        longitude: v.pipe(v.number(), v.minValue(-180), v.maxValue(180)),
        label: v.exactOptional(text(256)),
      }),
    ),
    'twilio/quick-reply': v.exactOptional(
      v.strictObject({ body: text(1_024), actions: few(reply) }),
    ),
    'twilio/list-picker': v.exactOptional(
      v.strictObject({
        body: text(1_024),
        button: text(20),
        items: few(
          v.strictObject({ item: text(24), id: text(ID_CHARACTERS), description: text(72) }),
        ),
      }),
    ),
    'twilio/call-to-action': v.exactOptional(
      v.strictObject({
        body: text(640),
        actions: v.pipe(
          few(v.variant('type', [link, call, code])),
          v.check((actions) => countOf(actions, 'URL') <= 2, 'at most two links'),
          v.check((actions) => countOf(actions, 'PHONE_NUMBER') <= 1, 'at most one number'),
        ),
      }),
    ),
    'twilio/card': v.exactOptional(
      v.pipe(
        v.strictObject({
          title: v.exactOptional(text(1_024)),
          body: v.exactOptional(text(1_600)),
          subtitle: v.exactOptional(text(60)),
          media: v.exactOptional(few(address)),
          actions: v.exactOptional(few(v.variant('type', [reply, link, call, code]))),
        }),
        v.check(
          (card) => (card.title ?? card.body) !== undefined && Object.keys(card).length > 1,
          'a title or a body, and one more field',
        ),
      ),
    ),
  }),
  v.check((types) => Object.keys(types).length > 0, 'at least one type'),
);

/** @throws TwilioError 400 that names the field at fault. */
export function checkTypes(types: unknown): v.InferOutput<typeof TypesSchema> {
  const parsed = v.safeParse(TypesSchema, types);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw badRequest(`types: ${v.getDotPath(issue) ?? 'object'}: ${issue.message}`);
}
