/** Who the customer is, as any tab has told last. Pure. */
import type { Profile } from '#protocol/frames';

/** The same model when the profile says the same. */
export function withProfile<Model extends { readonly profile?: Profile }>(
  model: Model,
  profile: Profile | undefined,
): Model {
  if (isSameProfile(profile, model.profile)) return model;
  return profile === undefined ? without(model, 'profile') : { ...model, profile };
}

/** The same model when it has no such field. */
export function without<Model extends object>(model: Model, field: keyof Model): Model {
  if (model[field] === undefined) return model;
  const { [field]: _, ...rest } = model;
  return rest as Model;
}

/** Copies between tabs and of the page's keep the order of their fields. */
export function isSameProfile(a: Profile | undefined, b: Profile | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
