import type { Finding, OfflineCheck, Severity } from './check.ts';

/** Origins that only a developer's browser has. */
export const origins: OfflineCheck = {
  name: 'allowed origins',
  needs: ['customers.allowedOrigins'],
  isLive: false,
  run: ({ stage, draft }) => {
    const allowed = draft.customers?.allowedOrigins ?? [];
    return [
      ...allowed.flatMap((origin, index) => describe(stage, origin, index)),
      ...openDoor(stage, draft.customers?.allowNonBrowserClients === true),
    ];
  },
};

function describe(stage: string, origin: string, index: number): Finding[] {
  const severity = severityFor(stage);
  const isLocal = /^https?:\/\/(localhost|127\.0\.0\.1)(:|$)/.test(origin);
  if (severity === undefined || (!isLocal && !origin.startsWith('http:'))) return [];
  return [
    {
      severity,
      field: `customers.allowedOrigins.${index}`,
      value: origin,
      problem: `a page on somebody's own machine may chat on stage ${stage}`,
      expected: 'https origins of your website',
      cure: `remove it from config/${stage}.json; use the stage local, or one for tests`,
    },
  ];
}

function openDoor(stage: string, isOpen: boolean): Finding[] {
  const severity = severityFor(stage);
  if (severity === undefined || !isOpen) return [];
  return [
    {
      severity: 'info',
      field: 'customers.allowNonBrowserClients',
      value: 'true',
      problem: 'clients without an Origin header may chat: scripts as well as apps',
      expected: 'false, unless an app of yours needs it',
      cure: 'set it to false if only browsers chat',
    },
  ];
}

/** @returns undefined for the developer's own stage. */
function severityFor(stage: string): Severity | undefined {
  if (stage === 'local') return undefined;
  return /^(prod|live)/i.test(stage) ? 'error' : 'warning';
}
