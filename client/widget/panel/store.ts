/** Small texts that outlive a reload: the draft, whether sounds are muted. */

export interface SmallStore {
  get(name: string): string | undefined;
  /** An empty value is forgotten. Storage that is full or forbidden is done without. */
  set(name: string, value: string): void;
  /** Another tab has changed one. @returns ends the subscription. */
  onChange(run: (name: string) => void): () => void;
}

/** @param scope with `tab` nothing is shared, and nothing stays after the tab. */
export function openStore(url: string, scope: 'browser' | 'tab'): SmallStore {
  const prefix = `flex-chat:1:${url}:`;
  const kept = new Map<string, string>();
  const storage = (): Storage => (scope === 'tab' ? sessionStorage : localStorage);
  return {
    get(name) {
      try {
        return storage().getItem(prefix + name) ?? kept.get(name);
      } catch {
        return kept.get(name);
      }
    },
    set(name, value) {
      kept.set(name, value);
      try {
        if (value === '') storage().removeItem(prefix + name);
        else storage().setItem(prefix + name, value);
      } catch {
        // It lives as long as the page.
      }
    },
    onChange(run) {
      const listener = ({ key }: StorageEvent) => {
        if (key?.startsWith(prefix)) run(key.slice(prefix.length));
      };
      addEventListener('storage', listener);
      return () => removeEventListener('storage', listener);
    },
  };
}
