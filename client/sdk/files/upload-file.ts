import type { Code } from '#protocol/codes';
import type { EventOf } from '#protocol/events';
import { backoffMs } from '../connection/connection-state.ts';
import { TimerGroup } from '../platform/timer-group.ts';
import { describeFile, findFileProblem } from './describe-file.ts';
import type { OwnFile, UploadTools } from './own-file.ts';
import { postForm } from './post-form.ts';

/** So many uploads that fail, or of which nobody hears, while there is a connection are enough. */
const MAX_TRIES = 5;

/** An upload that stands still for so long hangs. */
const STALLED_MS = 60_000;

/** The news of an upload that takes longer may be lost; the leading tab waits longer than that for a word of this one. */
const ACCEPTED_WITHIN_MS = 100_000;

/** How often the tabs are told how far it is. */
const TELL_EVERY_MS = 300;

/** What a later try may not be answered with. */
const MAY_PASS: readonly Code[] = ['unavailable', 'rate_limited', 'internal', 'undeliverable'];

/**
 * Uploads a file under the id of its message, over and over until it is accepted: the server
 * recognises what it has. Ends when the signal says so, when the connection is lost, and when the
 * file has failed.
 * @returns whether it has failed for good.
 */
export async function uploadFile(
  tools: UploadTools,
  id: string,
  file: OwnFile,
  signal: AbortSignal,
): Promise<boolean> {
  const { tab } = tools;
  for (let tries = 1; ; tries += 1) {
    const code = await tryOnce(tools, id, file, signal);
    if (signal.aborted || tab.connection.name !== 'online') return false;
    if (tries === MAX_TRIES || !MAY_PASS.includes(code)) {
      tab.tell({ name: 'fail', id, code });
      return true;
    }
    await wait(tools, backoffMs(tries, tools.environment.random()), signal);
  }
}

/** @returns why it is not accepted yet; anything, if the signal has ended it. */
async function tryOnce(
  tools: UploadTools,
  id: string,
  file: OwnFile,
  signal: AbortSignal,
): Promise<Code> {
  const form = await askForForm(tools, id);
  if (typeof form === 'string' || signal.aborted) return form as Code;
  const report = (progress: number) => {
    file.progress = progress;
    tools.tab.tell({ name: 'progress', id, progress });
  };
  if (!(await post(tools, form, file.blob, report, signal))) return 'unavailable';
  report(1);
  await wait(tools, ACCEPTED_WITHIN_MS, signal);
  return 'undeliverable';
}

/** @returns the code of a refusal if there is none. */
async function askForForm({ tab }: UploadTools, id: string): Promise<EventOf<'upload'> | Code> {
  const { files, outbox } = tab.store.model;
  const entry = outbox.find((one) => one.id === id);
  if (!files || !entry?.file) return 'not_supported';
  const problem = findFileProblem(entry.file, files);
  if (problem) return problem;
  const { chat } = entry;
  const described = describeFile(entry.file, files);
  const frame = {
    action: 'attach' as const,
    id,
    ...described,
    ...(chat !== undefined && { chat }),
  };
  // Only its code is used: this module has an error class of its own.
  return tab.ask(frame).catch(({ code = 'internal' }) => code);
}

/** @returns whether all of it has arrived. */
async function post(
  { environment: { timers, upload = postForm } }: UploadTools,
  { url, fields }: EventOf<'upload'>,
  file: Blob,
  report: (progress: number) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const stall = new TimerGroup(timers);
  const pause = new TimerGroup(timers);
  signal.addEventListener('abort', abort);
  stall.after(STALLED_MS, abort);
  let latest = 0;
  const onProgress = (progress: number) => {
    stall.restart(STALLED_MS, abort);
    // All of it is only there once S3 says so.
    latest = Math.min(progress, 0.99);
    if (pause.isEmpty) pause.after(TELL_EVERY_MS, () => report(latest));
  };
  const status = await upload({ url, fields, file }, onProgress, stop.signal);
  signal.removeEventListener('abort', abort);
  stall.cancel();
  pause.cancel();
  return status >= 200 && status < 300;
}

/** Until the signal says so, at the latest. */
function wait({ environment }: UploadTools, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = environment.timers.after(ms, resolve);
    signal.addEventListener('abort', () => {
      cancel();
      resolve();
    });
  });
}
