import type { FlexChatConfig } from '../config.ts';
import type { FormPart } from './panel-view.tsx';

/**
 * Loads the chunk with the questions before the first message, where the page asks any.
 * @throws ConfigError
 */
export async function loadForm(
  { form: fields = [] }: FlexChatConfig,
  addStyles: (css: string) => void,
): Promise<FormPart | undefined> {
  if (fields.length === 0) return undefined;
  const { ConfigError, PreChat, PreChatForm, css, formProblem } = await import(
    './form/form-part.ts'
  );
  const problem = formProblem(fields);
  if (problem) throw new ConfigError(`flex-chat: form ${problem}`);
  addStyles(css);
  return { form: new PreChatForm(fields), PreChat };
}
