import type { OutboxEntry } from '#client/sdk/index';
import { fill } from '../../texts/texts.ts';
import { Cross } from './drawing.tsx';
import type { FileTexts } from './file-texts.ts';
import type { FileTray } from './file-tray.ts';

interface UploadPartProps {
  readonly tray: FileTray;
  readonly entry: OutboxEntry;
}

/** A file on its way: how far it is, or why it goes no further. */
export function UploadPart({ tray, entry }: UploadPartProps) {
  const { texts, words } = tray;
  const { code, file, progress = 0, state } = entry;
  if (!file) return null;
  const name = file.filename;
  const reason = code && texts[code as keyof FileTexts];
  const isUploading = state === 'sending' && progress < 1;
  const percent = new Intl.NumberFormat(words.locale, { style: 'percent' }).format(progress);
  return (
    <div class="attached">
      <p>
        <span class="name">{name}</span> <small>{tray.size(file.size)}</small>
      </p>
      {isUploading && (
        <progress
          value={progress}
          max={1}
          aria-label={fill(texts.uploading, { name })}
          aria-valuetext={percent}
        />
      )}
      {isUploading && <small aria-hidden="true">{percent}</small>}
      {state === 'sending' && progress === 1 && <small role="status">{texts.accepting}</small>}
      {state === 'failed' && reason && (
        <p class="reason" role="alert">
          {fill(reason, { name, size: tray.size(tray.limits.maxBytes) })}
        </p>
      )}
      {(state === 'queued' || isUploading) && (
        <button
          type="button"
          class="icon"
          aria-label={fill(texts.cancel, { name })}
          onClick={() => tray.cancel(entry.id)}
        >
          <Cross />
        </button>
      )}
    </div>
  );
}
