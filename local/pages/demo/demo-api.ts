/** What the page server does for the demo. */
import { deskApi } from '../shared/desk-api.ts';

export interface Fault {
  readonly name: string;
  readonly label: string;
  readonly isOn: boolean;
}

/** The customers' network, which has a button of its own. */
export const NETWORK = 'network';

/** @throws Error when it is refused. */
async function faultsCall(init?: RequestInit): Promise<readonly Fault[]> {
  const response = await fetch('/demo/faults', init);
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}

export const demoApi = {
  faults: () => faultsCall(),
  /** These, and no others. */
  setFaults: (names: readonly string[]) =>
    faultsCall({ method: 'PUT', body: JSON.stringify(names) }),
  /** @returns whether there was one. */
  async endLastChat(): Promise<boolean> {
    const task = (await deskApi.tasks()).filter(({ status }) => status === 'accepted').pop();
    if (task !== undefined) await deskApi.complete(task.sid);
    return task !== undefined;
  },
};
