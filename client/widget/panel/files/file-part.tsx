import type { Media } from '#client/sdk/index';
import { fill } from '../../texts/texts.ts';
import type { FilePlace } from '../bubble-parts.ts';
import type { FileTray } from './file-tray.ts';

interface FilePartProps {
  readonly tray: FileTray;
  readonly media: Media;
  readonly at: FilePlace['at'];
}

/** A file in a message. Nothing of it is loaded, nor asked for, before somebody wants it. */
export function FilePart({ tray, media, at }: FilePartProps) {
  const { texts } = tray;
  const { contentType, filename: name, id, size } = media;
  const { hasFailed, url } = tray.openedFile(id) ?? {};
  if (url === undefined) {
    return (
      <div class="attached" key={`asked-${id}`}>
        <button
          type="button"
          class="quiet"
          aria-label={fill(texts.open, { name })}
          onClick={() => void tray.open({ id, at })}
        >
          {name} <small>{tray.size(size)}</small>
        </button>
        {hasFailed && <p role="alert">{texts.other}</p>}
      </div>
    );
  }
  return (
    <div class="attached" key={`opened-${id}`}>
      {contentType.startsWith('image/') && (
        <img
          src={url}
          alt={name}
          onError={({ currentTarget }) => {
            currentTarget.hidden = true;
          }}
        />
      )}
      <a href={url} download={name} target="_blank" rel="noopener noreferrer" data-file={id}>
        {fill(texts.open, { name })}
      </a>
    </div>
  );
}
