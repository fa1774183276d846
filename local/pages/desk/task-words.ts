/** What the desk says of a task. */
import type { Task } from '../shared/desk-api.ts';

export const PHASES: Readonly<Record<Task['status'], string>> = {
  pending: 'Waiting',
  accepted: 'In conversation',
  wrapping: 'Chat over, to be completed',
  completed: 'Completed',
};

const LABELS: Readonly<Record<string, string>> = {
  email: 'E-mail',
  language: 'Language',
  pageUrl: 'Page',
};

export function customerOf({ attributes }: Task): string {
  const name = attributes['customerName'] ?? attributes['name'] ?? attributes['from'];
  return typeof name === 'string' && name !== '' ? name : 'Customer';
}

/** What else is known of the customer, as label and value. */
export function factsOf({ attributes }: Task): readonly (readonly [string, string])[] {
  const before = attributes['pre_engagement_data'];
  const known = Object.entries(typeof before === 'object' && before !== null ? before : {});
  return known
    .filter(([label, value]) => label !== 'name' && typeof value === 'string' && value !== '')
    .map(([label, value]) => [LABELS[label] ?? label, String(value)]);
}
