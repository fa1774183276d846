/** Calls of Twilio's REST API, with everything that can happen to them on the way. */
import * as v from 'valibot';
import { SETTLE_MS, type TwilioRequest } from '#adapters/twilio/rest/rest-client';
import { twilioError } from '#adapters/twilio/rest/twilio-error';
import { ChatError } from '#core/errors';
import type { FlexModel } from './flex-model.ts';
import { Refusal, TwilioEndpoints } from './twilio-endpoints.ts';
import type { World } from './world.ts';

/** After this long our client hangs up. */
const CLIENT_TIMEOUT_MS = 5_000;

export class TwilioModel {
  readonly #world: World;
  readonly #flex: FlexModel;
  readonly #endpoints: TwilioEndpoints;

  constructor(world: World, flex: FlexModel) {
    this.#world = world;
    this.#flex = flex;
    this.#endpoints = new TwilioEndpoints(flex);
  }

  /** Makes one call, with everything that can happen to it on the way. */
  async exchange<Answer>(request: TwilioRequest<Answer>): Promise<Answer> {
    const { scheduler, random, weather, trace } = this.#world;
    const name = `${request.method} ${request.path.text.replace(/^.*\/(Services|v1)\//, '')}`;
    await scheduler.sleep(
      weather.strikes('restSlow') ? random.between(500, 4_000) : random.between(40, 250),
    );
    if (weather.strikes('restFails')) throw this.#refused(request, name, 503, 20503);
    if (weather.strikes('restBusy')) {
      const retryAfter = random.chance(0.5) ? String(random.between(1, 20)) : null;
      throw this.#refused(request, name, 429, 20429, retryAfter);
    }
    if (weather.strikes('restLate')) {
      trace.add('twilio', `${name} is done late`);
      const lateMs = random.between(0, CLIENT_TIMEOUT_MS + 8_000);
      scheduler.after(lateMs, () => this.#commitUnanswered(request));
      await scheduler.sleep(CLIENT_TIMEOUT_MS);
      throw noAnswer(request, name, SETTLE_MS.timedOut);
    }
    if (weather.strikes('restCutOff')) {
      trace.add('twilio', `${name} is cut off, and done`);
      scheduler.after(random.between(0, 4_000), () => this.#commitUnanswered(request));
      throw noAnswer(request, name, SETTLE_MS.cutOff);
    }
    const answer = this.#commit(request, name);
    await scheduler.sleep(random.between(1, 30));
    if (weather.strikes('restAnswerLost')) {
      trace.add('twilio', `${name} is done, its answer lost`);
      throw noAnswer(request, name, SETTLE_MS.cutOff);
    }
    return answer;
  }

  #refused(
    request: TwilioRequest<unknown>,
    name: string,
    status: number,
    code: number,
    retryAfter: string | null = null,
  ): ChatError {
    this.#world.trace.add('twilio', `${name} is refused: ${code}`);
    const answer = { status, body: { code }, retryAfter };
    return twilioError(request.path.pattern, answer, this.#world.scheduler.nowMs);
  }

  #commitUnanswered(request: TwilioRequest<unknown>): void {
    try {
      this.#commit(request, 'late');
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
    }
  }

  #commit<Answer>(request: TwilioRequest<Answer>, name: string): Answer {
    this.#perhapsEnd(request);
    try {
      const body = this.#endpoints.answer(request);
      this.#perhapsEnd(request);
      return v.parse(request.answer, body);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw this.#refused(request, name, error.status, error.code);
    }
  }

  /** An agent ends the chat at the worst moment. */
  #perhapsEnd({ path, form }: TwilioRequest<unknown>): void {
    if (!this.#world.weather.strikes('endsNow')) return;
    const name =
      /Conversations\/([^/]+)/.exec(path.text)?.[1] ?? String(form?.['UniqueName'] ?? '');
    const conversation = this.#flex.find(name);
    if (conversation !== undefined) this.#flex.close(conversation);
  }
}

/** As our client tells of it. @param settleMs how long a write may still be under way. */
function noAnswer(request: TwilioRequest<unknown>, name: string, settleMs: number): ChatError {
  return new ChatError('UPSTREAM_UNAVAILABLE', `${name}: no answer`, {
    ...(request.method === 'POST' && { retryAfterMs: settleMs }),
  });
}
