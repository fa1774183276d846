/** A number of unread messages before the page's own title. */
export class TitleCount {
  #shown: string | undefined;

  /** 0 takes it back. */
  show(unread: number): void {
    const own =
      this.#shown !== undefined && document.title === this.#shown
        ? document.title.replace(/^\(\d+\) /, '')
        : document.title;
    const title = unread > 0 ? `(${unread}) ${own}` : own;
    if (document.title !== title) document.title = title;
    this.#shown = unread > 0 ? title : undefined;
  }
}
