import type { TranscriptPlace } from '#core/session';

/** Some 2 KB. Several readers of one transcript are not as many pages away from each other. */
const MAX_PLACES = 40;

/** Longer ones than Twilio is known to give are not worth keeping. */
const MAX_TOKEN_CHARACTERS = 256;

const START: TranscriptPlace = { index: -1, token: '' };

/** What is known of where the pages of a transcript begin. The latest are kept. */
export class TranscriptPlaces {
  #places: readonly TranscriptPlace[];
  readonly #given: readonly TranscriptPlace[];

  constructor(places: readonly TranscriptPlace[]) {
    this.#given = places;
    this.#places = places;
  }

  /** The nearest place whose page may hold what comes after an index; the start if none is known. */
  before(index: number): TranscriptPlace {
    return this.#places
      .filter((place) => place.index <= index)
      .reduce((nearest, place) => (place.index > nearest.index ? place : nearest), START);
  }

  add(place: TranscriptPlace): void {
    const isKnown = this.#places.some(({ token }) => token === place.token);
    if (isKnown || place.token.length > MAX_TOKEN_CHARACTERS) return;
    this.#places = [...this.#places, place].slice(-MAX_PLACES);
  }

  forget({ token }: TranscriptPlace): void {
    this.#places = this.#places.filter((place) => place.token !== token);
  }

  /** All of them, if they are not those that were given. */
  get changed(): { readonly places?: readonly TranscriptPlace[] } {
    return this.#places === this.#given ? {} : { places: this.#places };
  }
}

export const isStart = (place: TranscriptPlace): boolean => place === START;
