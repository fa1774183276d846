/** The chunk that uploads files, loaded with the first one. */
import type { OwnFile, UploadTools } from './own-file.ts';
import { uploadFile } from './upload-file.ts';

/**
 * Uploads each file in its turn, and stops what is not wanted any more. To be called after each change.
 * @param files those that were attached in this tab, by the ids of their messages. One that the
 * outbox has no more is forgotten.
 */
export function uploadFiles(files: Map<string, OwnFile>, tools: UploadTools): void {
  const { tab } = tools;
  for (const [id, file] of files) {
    const entry = tab.store.model.outbox.find((one) => one.id === id);
    if (entry?.state === 'sending') {
      if (tab.connection.name === 'online' && !file.upload) void start(files, id, tools);
      if (entry.progress === undefined) tab.tell({ name: 'progress', id, progress: file.progress });
    } else if (entry?.state !== 'queued') {
      file.upload?.abort();
      file.upload = undefined;
      file.progress = 0;
      if (!entry) files.delete(id);
    }
  }
}

async function start(files: Map<string, OwnFile>, id: string, tools: UploadTools): Promise<void> {
  const file = files.get(id);
  if (!file) return;
  const upload = new AbortController();
  file.upload = upload;
  const hasFailed = await uploadFile(tools, id, file, upload.signal);
  // The leading tab is told, and may have to answer first: nothing is begun anew before it does.
  if (hasFailed || file.upload !== upload) return;
  file.upload = undefined;
  // The connection may be back already.
  uploadFiles(files, tools);
}
