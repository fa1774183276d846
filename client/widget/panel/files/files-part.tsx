/** The chunk for files: chooses and shows those to be sent, and draws those in the conversation. */
import type { Media, OutboxEntry } from '#client/sdk/index';
import type { FilePlace } from '../bubble-parts.ts';
import { FilePart } from './file-part.tsx';
import { FileTray, type FileTrayParts } from './file-tray.ts';
import { Chosen, PaperClip } from './tray-view.tsx';
import { UploadPart } from './upload-part.tsx';

export { default as css } from './files.css';

/** What the panel asks of it. */
export type FilesPart = ReturnType<typeof openFiles>;

export function openFiles(parts: FileTrayParts) {
  const tray = new FileTray(parts);
  return {
    tray,
    list: () => <Chosen tray={tray} />,
    button: () => <PaperClip tray={tray} />,
    file: (media: Media, at: FilePlace['at']) => <FilePart tray={tray} media={media} at={at} />,
    upload: (entry: OutboxEntry) => <UploadPart tray={tray} entry={entry} />,
  };
}
