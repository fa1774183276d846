import * as v from 'valibot';
import { found, type Operation } from '../rest/call.ts';
import { pageOf } from '../rest/paging.ts';
import { badRequest } from '../rest/twilio-error.ts';
import { isoSeconds, type World } from '../world/world.ts';
import { checkTypes } from './check-types.ts';
import type { ContentTemplate } from './model.ts';

const VariablesSchema = v.record(v.string(), v.string());

export function contentOperations(world: World) {
  const { contentTemplates: templates } = world;
  const render = (template: ContentTemplate) => toJson(world, template);
  return {
    createContent: ({ parameters }) => {
      const variables = v.safeParse(VariablesSchema, parameters.json('variables') ?? {});
      if (!variables.success) throw badRequest('variables: expected an object of texts');
      const template: ContentTemplate = {
        types: checkTypes(parameters.json('types')),
        sid: world.newSid('HX'),
        friendlyName: parameters.text('friendly_name') ?? '',
        language: parameters.text('language') ?? 'en',
        variables: variables.output,
        createdAtMs: world.nowMs(),
      };
      templates.set(template.sid, template);
      return render(template);
    },
    listContent: (call) =>
      pageOf(call, 'contents', [...templates.values()], ({ sid }) => sid, render),
    fetchContent: (call) => render(found(templates.get(call.path['Sid'] ?? ''), call)),
  } satisfies Record<string, Operation>;
}

const toJson = ({ account }: World, template: ContentTemplate) => ({
  sid: template.sid,
  account_sid: account.accountSid,
  friendly_name: template.friendlyName,
  language: template.language,
  variables: template.variables,
  types: template.types,
  date_created: isoSeconds(template.createdAtMs),
  date_updated: isoSeconds(template.createdAtMs),
  url: `https://content.twilio.com/v1/Content/${template.sid}`,
});
