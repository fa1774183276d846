import { setTimeout as delay } from 'node:timers/promises';
import { Scheduler } from '#local/emulators/twilio/world/scheduler';

describe('the work behind the scenes', () => {
  test('is done later, and what it causes too, before all is settled', async () => {
    const scheduler = new Scheduler();
    const done: string[] = [];
    scheduler.after(1, () => {
      done.push('first');
      scheduler.after(1, () => void done.push('second'));
    });

    await scheduler.settled();

    expect(done).toEqual(['first', 'second']);
  });

  test('of what waits nothing is done once the scheduler closes', async () => {
    const scheduler = new Scheduler();
    let isDone = false;
    scheduler.after(1, () => {
      isDone = true;
    });

    await scheduler.close();
    await delay(5);

    expect(isDone).toBe(false);
  });

  test('a call that the end cuts off is not tried again after it', async () => {
    const scheduler = new Scheduler();
    let tries = 0;
    const attempt = async (): Promise<void> => {
      tries += 1;
      await new Promise((resolve) => scheduler.signal.addEventListener('abort', resolve));
      scheduler.after(1, attempt);
    };
    scheduler.after(0, attempt);
    await delay(5);

    await scheduler.close();
    await delay(5);
    await scheduler.settled();

    expect(tries).toBe(1);
  });
});
