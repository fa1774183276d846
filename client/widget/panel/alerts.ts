/** The chunk that draws attention to a message while nobody looks: a soft sound, and a notification of the browser. */

const VOLUME = 0.04;
/** Notifications show a few lines at most. */
const MAX_CHARACTERS = 200;

export class Alerts {
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
    this.allowSound();
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

  /** Shows one if the customer has allowed it; the next one takes its place. */
  notify(title: string, body: string, open: () => void): void {
    if (globalThis.Notification?.permission !== 'granted') return;
    try {
      const text = [...body].slice(0, MAX_CHARACTERS).join('');
      const shown = new Notification(title, { body: text, tag: 'flex-chat' });
      shown.onclick = () => {
        window.focus();
        shown.close();
        open();
      };
    } catch {
      // Chrome on Android shows them only for pages with a service worker.
    }
  }
}
