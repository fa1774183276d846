import type { OfflineCheck } from './check.ts';

export const secrets: OfflineCheck = {
  name: "the stack's secrets",
  needs: [],
  isLive: false,
  appliesTo: ({ stage }) => stage !== 'local',
  run: ({ option }) => [
    {
      severity: 'info',
      field: "the stack's secrets",
      problem:
        "not checked: this command doesn't read them. A new stack holds made-up values, with which nothing is let through",
      cure: `if you have not: npx flex-channel secrets set ${option} --outputs <file>`,
    },
  ],
};
