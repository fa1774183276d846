/** Who the customer is, as any tab has told last. Pure. */
import type { Profile } from '#protocol/frames';

/** The same model when the profile says the same. */
export function withProfile<Model extends { readonly profile?: Profile | undefined }>(
  model: Model,
  profile: Profile | undefined,
): Model {
  return isSameProfile(profile, model.profile) ? model : { ...model, profile };
}

/** Copies between tabs and of the page's keep the order of their fields. */
export function isSameProfile(a: Profile | undefined, b: Profile | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
