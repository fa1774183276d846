import { CUSTOMER, type Json, type Stage, setStage } from '../support/stage.ts';

let stage: Stage;
let url: string;

const post = (body: string) => stage.rest('POST', `${url}/Messages`, [['Body', body]]);

/** Every page of a list, following the address of the next one. */
async function pages(first: string): Promise<Json[]> {
  const seen: Json[] = [];
  for (let next: string | null = first; next !== null; ) {
    const { body }: Json = await stage.rest('GET', next.replace('https://', ''));
    seen.push(body);
    next = body.meta.next_page_url;
  }
  return seen;
}

const indexes = (page: Json): number[] => page.messages.map(({ index }: Json) => index);

describe('messages', () => {
  beforeAll(async () => {
    stage = await setStage();
  });
  beforeEach(async () => {
    url = await stage.openConversation();
  });
  afterAll(async () => stage.close());

  test('count from 0 and know their author', async () => {
    const own = await stage.rest('POST', `${url}/Messages`, [
      ['Author', CUSTOMER],
      ['Body', 'Hello'],
      ['Attributes', '{"id":"m1"}'],
    ]);
    const system = await post('Welcome');

    expect(own).toMatchObject({
      status: 201,
      body: {
        sid: expect.stringMatching(/^IM/),
        index: 0,
        author: CUSTOMER,
        body: 'Hello',
        media: null,
        attributes: '{"id":"m1"}',
        participant_sid: expect.stringMatching(/^MB/),
        delivery: null,
      },
    });
    expect(system.body).toMatchObject({ index: 1, author: 'system', participant_sid: null });
  });

  test('leave a gap where one was deleted', async () => {
    const first = await post('one');
    await stage.rest('DELETE', `${url}/Messages/${first.body.sid}`);

    const second = await post('two');

    expect(second.body.index).toBe(1);
    expect((await stage.rest('GET', `${url}/Messages/${first.body.sid}`)).status).toBe(404);
  });

  test('take up to 32 KB, counted in bytes', async () => {
    const fits = await post('é'.repeat(16 * 1024));
    const tooLarge = await post(`${'é'.repeat(16 * 1024)}x`);
    const empty = await stage.rest('POST', `${url}/Messages`, [['Author', CUSTOMER]]);

    expect(fits.status).toBe(201);
    expect(tooLarge).toMatchObject({ status: 400, body: { code: 50504 } });
    expect(empty).toMatchObject({ status: 400, body: { code: 50503 } });
  });

  test('show something', async () => {
    expect(await post(' \n')).toMatchObject({ status: 400, body: { code: 50503 } });
  });

  test('change by an update only where it says so', async () => {
    const { body } = await post('before');

    const updated = await stage.rest('POST', `${url}/Messages/${body.sid}`, [['Body', 'after']]);

    expect(updated.body).toMatchObject({ body: 'after', author: 'system', index: 0 });
  });

  test('are listed page by page, in both orders', async () => {
    for (const body of ['a', 'b', 'c', 'd', 'e']) await post(body);

    const ascending = await pages(`${url}/Messages?PageSize=2`);
    const descending = await pages(`${url}/Messages?PageSize=2&Order=desc`);

    expect(ascending.map(indexes)).toEqual([[0, 1], [2, 3], [4]]);
    expect(descending.map(indexes)).toEqual([[4, 3], [2, 1], [0]]);
    expect(ascending[1].meta).toMatchObject({
      page: 1,
      page_size: 2,
      key: 'messages',
      first_page_url: `https://${url}/Messages?PageSize=2&Page=0`,
      previous_page_url: `https://${url}/Messages?PageSize=2&Page=0`,
    });
  });

  test('do not move between pages when one is added meanwhile', async () => {
    for (const body of ['a', 'b', 'c']) await post(body);
    const first = await stage.rest('GET', `${url}/Messages?PageSize=2&Order=desc`);
    await post('d');

    const next = first.body.meta.next_page_url.replace('https://', '');
    const second = await stage.rest('GET', next);

    expect(indexes(second.body)).toEqual([0]);
  });

  test('refuse a page token of another list', async () => {
    const answer = await stage.rest('GET', `${url}/Messages?PageToken=PAxyz`);

    expect(answer).toMatchObject({ status: 400, body: { code: 20001 } });
  });
});
