import { fill } from '../../texts/texts.ts';
import { Cross, Drawing } from './drawing.tsx';
import type { FileTray } from './file-tray.ts';

/** What is to be sent, above the text box. */
export function Chosen({ tray }: { readonly tray: FileTray }) {
  const { chosen: files, problem, texts } = tray;
  return (
    <>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {files.length > 0 && (
        <ul class="tray">
          {files.map((file, place) => (
            <li>
              {file.type.startsWith('image/') && (
                <canvas width={80} height={80} data-place={place} />
              )}
              <span class="name" dir="auto">
                {file.name}
              </span>
              <small>{tray.size(file.size)}</small>
              <button
                type="button"
                class="icon"
                aria-label={fill(texts.remove, { name: file.name })}
                onClick={() => tray.remove(file)}
              >
                <Cross />
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function PaperClip({ tray }: { readonly tray: FileTray }) {
  const { limits, texts } = tray;
  const endings = Object.values(limits.types).flat();
  const accept = [...Object.keys(limits.types), ...endings.map((ending) => `.${ending}`)].join();
  return (
    <>
      <input
        type="file"
        key="files"
        hidden
        multiple
        accept={accept}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          // The same file may be chosen again.
          currentTarget.value = '';
          tray.choose(files);
        }}
      />
      <button
        type="button"
        key="clip"
        class="icon clip"
        aria-label={texts.attach}
        title={texts.attach}
        onClick={({ currentTarget }) =>
          currentTarget.parentElement?.querySelector<HTMLInputElement>('input[type=file]')?.click()
        }
      >
        <slot name="icon-attach">
          <Drawing path="M20 11l-8.5 8.5a5 5 0 01-7-7L13 4a3.3 3.3 0 014.7 4.7l-8.5 8.5a1.7 1.7 0 01-2.4-2.4L14.5 7" />
        </slot>
      </button>
    </>
  );
}
