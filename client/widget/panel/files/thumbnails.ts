const painted = new WeakMap<Element, File>();

/** Drawn, not loaded: no policy of the page for pictures is asked. */
export function paintThumbnails(element: Element, files: readonly File[]): void {
  for (const canvas of element.querySelectorAll<HTMLCanvasElement>('.tray canvas')) {
    const file = files[Number(canvas.dataset['place'])];
    if (file && painted.get(canvas) !== file) void paint(canvas, file);
  }
}

async function paint(canvas: HTMLCanvasElement, file: File): Promise<void> {
  painted.set(canvas, file);
  try {
    const picture = await createImageBitmap(file);
    const { height, width } = picture;
    const side = Math.min(height, width);
    const { height: size } = canvas;
    canvas
      .getContext('2d')
      ?.drawImage(picture, (width - side) / 2, (height - side) / 2, side, side, 0, 0, size, size);
    picture.close();
  } catch {
    // What is no picture, or one of a kind that the browser does not know, is known by its name.
  }
}
