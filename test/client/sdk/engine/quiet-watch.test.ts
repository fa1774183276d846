import { QuietWatch } from '#client/sdk/engine/quiet-watch';
import { EMPTY_MODEL } from '#client/sdk/model/chat-model';
import { aMessageEvent } from '#test/support/chat-events';
import { ManualClock } from '#test/support/manual-clock';

function watchAfterAnAnswer() {
  const clock = new ManualClock(0);
  const checkedAtMs: number[] = [];
  const watch = new QuietWatch(clock, {
    model: () => ({
      ...EMPTY_MODEL,
      chat: { number: 1, state: 'open' },
      transcript: [aMessageEvent()],
    }),
    check: () => checkedAtMs.push(clock.now()),
    resend: () => {},
    isVisible: () => true,
  });
  return { clock, watch, checkedAtMs };
}

describe('after an answer', () => {
  test('the first check comes late while no event was lost', async () => {
    const { clock, watch, checkedAtMs } = watchAfterAnAnswer();

    watch.heard();
    await clock.advance(420_000);

    expect(checkedAtMs).toEqual([120_000, 420_000]);
  });

  test('the first check comes early from then on once an event was lost', async () => {
    const { clock, watch, checkedAtMs } = watchAfterAnAnswer();

    watch.suspect();
    watch.heard();
    await clock.advance(150_000);

    expect(checkedAtMs).toEqual([30_000, 150_000]);
  });
});
