import { answerMedia, type MediaRequest } from '#local/emulators/twilio/media/media-service';
import { MAX_MEDIA_BYTES, mediaForMessage } from '#local/emulators/twilio/media/stored-media';
import { createWorld } from '#local/emulators/twilio/world/create-world';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  CHAT_SERVICE_SID,
  INSTANCE_SID,
  WORKSPACE_SID,
} from '#test/support/scripted-twilio';

const MEDIA = `/v1/Services/${CHAT_SERVICE_SID}/Media`;

const world = createWorld({
  account: {
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    apiKeys: [],
    chatServiceSid: CHAT_SERVICE_SID,
    workspaceSid: WORKSPACE_SID,
    workflows: [],
    studioFlows: [],
    flexInstanceSid: INSTANCE_SID,
  },
});

const answer = (request: Partial<MediaRequest>) =>
  answerMedia(world, {
    method: 'POST',
    path: MEDIA,
    query: [['Filename', 'a.png']],
    contentType: 'image/png',
    bytes: Uint8Array.from([1, 2, 3]),
    base: 'http://127.0.0.1:1',
    ...request,
  });

const upload = (): string => (answer({}).body as { sid: string }).sid;

describe('the media service', () => {
  test('keeps a file under its name, and tells where it is only to whoever asks for it', () => {
    const uploaded = answer({});
    const { sid } = uploaded.body as { sid: string };
    const found = answer({ method: 'GET', path: `${MEDIA}/${sid}` });

    expect(uploaded).toMatchObject({ status: 201, body: { filename: 'a.png', size: 3 } });
    expect(uploaded.body).not.toHaveProperty('links.content_direct_temporary');
    expect(found.body).toMatchObject({
      links: { content_direct_temporary: expect.stringContaining(`/${sid}?Expires=`) },
    });
  });

  test.each([
    ['an empty file', { bytes: new Uint8Array() }, 400],
    ['more than it keeps', { bytes: { length: MAX_MEDIA_BYTES + 1 } as Uint8Array }, 413],
    ['another service', { path: '/v1/Services/IS0/Media' }, 404],
    ['a file that is not there', { method: 'GET', path: `${MEDIA}/ME0` }, 404],
    ['to delete one', { method: 'DELETE', path: `${MEDIA}/ME0` }, 404],
  ])('refuses %s', (_, request, status) => {
    expect(() => answer(request)).toThrow(expect.objectContaining({ status }));
  });

  test('gives a file to one message only', () => {
    const sid = upload();
    expect(mediaForMessage(world, sid)).toMatchObject([{ sid, filename: 'a.png' }]);
    const stored = world.media.get(sid);
    if (stored) world.media.set(sid, { ...stored, messageSid: 'IM1' });

    expect(() => mediaForMessage(world, sid)).toThrow(expect.objectContaining({ code: 50508 }));
    expect(() => mediaForMessage(world, 'ME0')).toThrow(expect.objectContaining({ code: 50507 }));
  });
});
