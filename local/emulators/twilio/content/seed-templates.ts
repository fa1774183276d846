import type { SidSource } from '../world/sids.ts';
import { checkTypes } from './check-types.ts';
import type { ContentTemplate } from './model.ts';

/** One of each kind, for the desk of an account that has made none. */
const TEMPLATES: readonly (readonly [friendlyName: string, types: object])[] = [
  [
    'Quick replies',
    {
      'twilio/quick-reply': {
        body: 'Did that answer your question?',
        actions: [
          { type: 'QUICK_REPLY', title: 'Yes, thanks', id: 'answered' },
          { type: 'QUICK_REPLY', title: 'Not quite', id: 'unanswered' },
        ],
      },
    },
  ],
  [
    'List',
    {
      'twilio/list-picker': {
        body: 'When shall we deliver?',
        button: 'Choose a time',
        items: [
          { item: 'Morning', id: 'am', description: '8 to 12' },
          { item: 'Afternoon', id: 'pm', description: '12 to 17' },
          { item: 'Evening', id: 'evening', description: '17 to 20' },
        ],
      },
    },
  ],
  [
    'Card',
    {
      'twilio/card': {
        title: 'Pour-over kettle',
        subtitle: 'Back in stock',
        actions: [
          { type: 'QUICK_REPLY', title: 'Keep one for me', id: 'keep-kettle' },
          { type: 'URL', title: 'See the kettle', url: 'https://example.com/kettle' },
        ],
      },
    },
  ],
  [
    'Call to action',
    {
      'twilio/call-to-action': {
        body: 'You can also reach us here.',
        actions: [
          { type: 'URL', title: 'Help pages', url: 'https://example.com/help' },
          { type: 'PHONE_NUMBER', title: 'Call us', phone: '+15005550006' },
        ],
      },
    },
  ],
  ['Location', { 'twilio/location': { latitude: 52.3731, longitude: 4.8926, label: 'Our shop' } }],
];

export function seededTemplates(newSid: SidSource, nowMs: number): Map<string, ContentTemplate> {
  const templates = TEMPLATES.map(
    ([friendlyName, types]): ContentTemplate => ({
      sid: newSid('HX'),
      friendlyName,
      language: 'en',
      variables: {},
      types: checkTypes(types),
      createdAtMs: nowMs,
    }),
  );
  return new Map(templates.map((template) => [template.sid, template]));
}
