/** Draws attention to a message that nobody looks at: a soft sound, and a number in the page's title. */

const VOLUME = 0.04;

export class Attention {
  #title: string | undefined;
  #audio: AudioContext | undefined;

  /** Browsers let a page sound only after a gesture; call it from one. */
  allowSound(): void {
    try {
      this.#audio ??= new AudioContext();
      void this.#audio.resume();
    } catch {
      // No sound here.
    }
  }

  sound(): void {
    const audio = this.#audio;
    if (audio?.state !== 'running') return;
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = 660;
    gain.gain.setValueAtTime(VOLUME, audio.currentTime);
    gain.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.25);
    tone.connect(gain).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.25);
  }

  /** Shows a number before the page's own title, or takes it back with 0. */
  count(unread: number): void {
    const shown = this.#title;
    const own =
      shown !== undefined && document.title === shown
        ? document.title.replace(/^\(\d+\) /, '')
        : document.title;
    const title = unread > 0 ? `(${unread}) ${own}` : own;
    if (document.title !== title) document.title = title;
    this.#title = unread > 0 ? title : undefined;
  }
}
