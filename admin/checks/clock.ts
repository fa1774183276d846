import type { Finding, LiveCheck } from './check.ts';

const NOTICED_MS = 30_000;
/** AWS refuses signatures that are further off. */
const REFUSED_MS = 5 * 60_000;

/** This machine's clock against Twilio's. */
export const clock: LiveCheck = {
  name: 'clock',
  // Without it no credentials are tried, so that nobody may ask Twilio.
  needs: ['twilio.accountSid'],
  isLive: true,
  async run({ nowMs }, twilio) {
    const startedAtMs = nowMs();
    const { headers } = await twilio.request({
      method: 'get',
      uri: 'https://conversations.twilio.com/v1/Configuration',
    });
    const theirsMs = Date.parse(String((headers as Record<string, unknown>)['date']));
    const oursMs = (startedAtMs + nowMs()) / 2;
    return Number.isNaN(theirsMs) ? [] : describe(oursMs - theirsMs);
  },
};

function describe(aheadMs: number): Finding[] {
  const byMs = Math.abs(aheadMs);
  if (byMs < NOTICED_MS) return [];
  const seconds = Math.round(byMs / 1000);
  return [
    {
      severity: byMs < REFUSED_MS ? 'warning' : 'error',
      field: 'clock of this machine',
      value: new Date().toISOString(),
      problem: `${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} Twilio's clock`,
      expected: 'within 30 s; AWS refuses requests that are more than 5 minutes off',
      cure: 'let the machine keep time by NTP (timedatectl set-ntp true)',
    },
  ];
}
