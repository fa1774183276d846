/**
 * The Plugins API, as far as it is simulated.
 * Source: OpenAPI document `twilio_flex_v1.json` in npm `@twilio/cli-core`.
 */
import { rowsOf } from '../rest/endpoint.ts';
import { boolean, json, paging, text, url } from '../rest/parameter.ts';

const row = rowsOf('flex-api.twilio.com', '/v1/PluginService');

export const PLUGIN_ENDPOINTS = [
  row('createPlugin', 'POST', '/Plugins', 201, [
    text('UniqueName', undefined, { required: true }),
    text('FriendlyName'),
    text('Description'),
  ]),
  row('listPlugins', 'GET', '/Plugins', 200, paging(1000)),
  row('createPluginVersion', 'POST', '/Plugins/{PluginSid}/Versions', 201, [
    text('Version', undefined, { required: true }),
    url('PluginUrl', { required: true }),
    text('Changelog'),
    boolean('Private'),
    text('CliVersion'),
    text('ValidateStatus'),
  ]),
  row('listPluginVersions', 'GET', '/Plugins/{PluginSid}/Versions', 200, paging(1000)),
  row('createPluginConfiguration', 'POST', '/Configurations', 201, [
    text('Name', undefined, { required: true }),
    json('Plugins', undefined, { repeated: true }),
    text('Description'),
  ]),
  row('listConfiguredPlugins', 'GET', '/Configurations/{Sid}/Plugins', 200, paging(1000)),
  row('createPluginRelease', 'POST', '/Releases', 201, [
    text('ConfigurationId', undefined, { required: true }),
  ]),
  row('listPluginReleases', 'GET', '/Releases', 200, paging(1000)),
] as const;

export type PluginOperation = (typeof PLUGIN_ENDPOINTS)[number]['operation'];
