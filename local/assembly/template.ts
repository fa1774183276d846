/** A CloudFormation template as far as the local stack reads it. */

/** A value of a template in which intrinsic functions may still stand. */
export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue };

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, TemplateValue>>;
  readonly DependsOn?: string | readonly string[];
  /** Name of the condition under which the resource exists. */
  readonly Condition?: string;
}

interface TemplateOutput {
  readonly Value: TemplateValue;
  readonly Export?: { readonly Name: TemplateValue };
  readonly Condition?: string;
}

export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
  readonly Parameters?: Readonly<
    Record<string, { readonly Type: string; readonly Default?: TemplateValue }>
  >;
  readonly Conditions?: Readonly<Record<string, TemplateValue>>;
}
