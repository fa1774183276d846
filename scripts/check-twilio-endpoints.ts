/**
 * Fails when the simulator's tables of endpoints differ from Twilio's OpenAPI documents, which
 * npm `@twilio/cli-core` carries. The package is fetched for this run only: with its
 * dependencies it would be 147 MB.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_ENDPOINTS } from '#local/emulators/twilio/account/endpoints';
import { CONVERSATIONS_ENDPOINTS } from '#local/emulators/twilio/conversations/endpoints';
import { EVENTS_ENDPOINTS } from '#local/emulators/twilio/event-streams/endpoints';
import { FLEX_ENDPOINTS } from '#local/emulators/twilio/flex/endpoints';
import { PROGRAMMABLE_CHAT_ENDPOINTS } from '#local/emulators/twilio/programmable-chat/endpoints';
import { STUDIO_ENDPOINTS } from '#local/emulators/twilio/studio/endpoints';
import { TASKROUTER_ENDPOINTS } from '#local/emulators/twilio/taskrouter/endpoints';
import { compareEndpoints, type Deliberate, type OpenApi } from './compare-endpoints.ts';

const PACKAGE = '@twilio/cli-core@8.3.2';

/** By host: the file below `src/services/twilio-api`. */
const DOCUMENTS = {
  'api.twilio.com': 'twilio_api_v2010.json',
  'chat.twilio.com': 'twilio_chat_v2.json',
  'conversations.twilio.com': 'twilio_conversations_v1.json',
  'events.twilio.com': 'twilio_events_v1.json',
  'flex-api.twilio.com': 'twilio_flex_v1.json',
  'studio.twilio.com': 'twilio_studio_v2.json',
  'taskrouter.twilio.com': 'twilio_taskrouter_v1.json',
};

const DELIBERATE: readonly Deliberate[] = [
  {
    operations: ['createWebhook', 'updateWebhook', 'createChannelWebhook', 'updateChannelWebhook'],
    parameter: 'Configuration.Filters',
    reason: 'documented as any text; a misspelt event would never fire, so only real ones pass',
  },
  {
    operations: ['updateService'],
    parameter: 'WebhookFilters',
    reason: 'as above',
  },
  {
    operations: ['updateAccountWebhook', 'updateServiceWebhook'],
    parameter: 'Filters',
    reason: 'as above',
  },
  {
    operations: ['updateAccountWebhook', 'updateServiceWebhook'],
    parameter: 'Method',
    reason: 'documented as any text, but only these are methods of webhooks',
  },
  {
    operations: ['updateAccountWebhook'],
    parameter: 'Target',
    reason: 'the target flex, which routes native channels, is not simulated',
  },
  {
    operations: ['createChannelWebhook', 'updateChannelWebhook'],
    parameter: 'Configuration.RetryCount',
    reason: 'the limit of 3 stands in the description only',
  },
  {
    operations: ['createFlexFlow', 'updateFlexFlow'],
    parameter: 'Integration.RetryCount',
    reason: 'as above',
  },
  {
    operations: ['createTask'],
    parameter: 'Timeout',
    reason: 'the limit of two weeks stands in the description only',
  },
  {
    operations: [
      'createInteractionWebhook',
      'listInteractionWebhooks',
      'fetchInteractionWebhook',
      'updateInteractionWebhook',
      'deleteInteractionWebhook',
    ],
    reason: 'documented on a page of their own, missing from the OpenAPI document',
  },
  {
    operations: ['listTasks'],
    parameter: 'AssignmentStatus',
    reason: 'documented as any text, the values are those of the update of a task',
  },
];

const folder = mkdtempSync(join(tmpdir(), 'twilio-openapi-'));
try {
  const documents = fetchDocuments(folder);
  const endpoints = [
    ...PROGRAMMABLE_CHAT_ENDPOINTS,
    ...CONVERSATIONS_ENDPOINTS,
    ...FLEX_ENDPOINTS,
    ...TASKROUTER_ENDPOINTS,
    ...STUDIO_ENDPOINTS,
    ...EVENTS_ENDPOINTS,
    ...API_ENDPOINTS,
  ];
  const differences = compareEndpoints(endpoints, documents, DELIBERATE);
  for (const line of differences) console.error(line);
  console.log(
    `${endpoints.length} endpoints held against ${PACKAGE}: ${differences.length} differences`,
  );
  process.exitCode = differences.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}

function fetchDocuments(target: string): Record<string, OpenApi> {
  const options = { cwd: target };
  execFileSync('npm', ['pack', '--silent', PACKAGE], options);
  const [archive = ''] = readdirSync(target);
  execFileSync('tar', ['-xzf', archive, 'package/src/services/twilio-api'], options);
  const read = (file: string) =>
    JSON.parse(readFileSync(join(target, 'package/src/services/twilio-api', file), 'utf8'));
  return Object.fromEntries(Object.entries(DOCUMENTS).map(([host, file]) => [host, read(file)]));
}
