import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { formOf, type WebhookForm } from '#adapters/twilio/webhooks/form';
import { isSignedByTwilio } from '#adapters/twilio/webhooks/signature';

export interface ReceivedWebhook {
  /** Below the receiver's URL, such as `/new-message/<session>`. */
  readonly path: string;
  readonly form: WebhookForm;
}

export interface WebhookReceiver {
  /** Base URL of the webhooks. */
  readonly url: string;
  /** Signed for the URL that was called, oldest first. */
  readonly received: readonly ReceivedWebhook[];
  /** Paths of the others. */
  readonly forged: readonly string[];
  stop(): Promise<void>;
}

/** Keeps what a simulated Twilio tells, for tests that decide when and how often it is heard. */
export async function startWebhookReceiver(authToken: string): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const forged: string[] = [];
  let url = '';
  const server = createServer(async (request, response) => {
    const rawBody = await text(request);
    const path = (request.url ?? '').slice('/prod'.length);
    const form = formOf(request.headers['content-type'], rawBody);
    const isSigned = isSignedByTwilio({
      url: `${url}${path}`,
      rawBody,
      form,
      signature: request.headers['x-twilio-signature']?.toString(),
      authTokens: [authToken],
    });
    if (isSigned) received.push({ path, form: form ?? {} });
    else forged.push(path);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prod`;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, received, forged, stop };
}
