import type { RandomBytes } from '#local/random';

/** `GenerateSecretString` of a template. Source: CloudFormation, AWS::SecretsManager::Secret. */
export interface SecretStringGenerator {
  readonly ExcludeCharacters?: string;
  readonly ExcludeLowercase?: boolean;
  readonly ExcludeNumbers?: boolean;
  readonly ExcludePunctuation?: boolean;
  readonly ExcludeUppercase?: boolean;
  readonly GenerateStringKey?: string;
  readonly IncludeSpace?: boolean;
  readonly PasswordLength?: number;
  readonly RequireEachIncludedType?: boolean;
  readonly SecretStringTemplate?: string;
}

const KNOWN = new Set<string>([
  'ExcludeCharacters',
  'ExcludeLowercase',
  'ExcludeNumbers',
  'ExcludePunctuation',
  'ExcludeUppercase',
  'GenerateStringKey',
  'IncludeSpace',
  'PasswordLength',
  'RequireEachIncludedType',
  'SecretStringTemplate',
] satisfies (keyof SecretStringGenerator)[]);

const LOWERCASE = 'abcdefghijklmnopqrstuvwxyz';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** @returns the password, or the template with the password under its key. */
export function generateSecretString(
  generator: SecretStringGenerator,
  random: RandomBytes,
): string {
  const unknown = Object.keys(generator).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw new Error(`GenerateSecretString: ${unknown} is not emulated`);
  const password = generatePassword(generator, random);
  const { SecretStringTemplate: template, GenerateStringKey: key } = generator;
  if ((template === undefined) !== (key === undefined)) {
    throw new Error(
      'GenerateSecretString needs SecretStringTemplate and GenerateStringKey together',
    );
  }
  if (template === undefined || key === undefined) return password;
  return JSON.stringify({ ...JSON.parse(template), [key]: password });
}

function generatePassword(generator: SecretStringGenerator, random: RandomBytes): string {
  const { PasswordLength = 32, RequireEachIncludedType = true } = generator;
  const types = includedTypes(generator);
  if (types.length === 0 || PasswordLength < types.length || PasswordLength > 4_096) {
    throw new Error('GenerateSecretString leaves no password to generate');
  }
  const required = RequireEachIncludedType ? types.map((type) => pick(type, random)) : [];
  const all = types.join('');
  const rest = Array.from({ length: PasswordLength - required.length }, () => pick(all, random));
  return shuffle([...required, ...rest], random).join('');
}

/** Per kind of character those that may be used; kinds without any are left out. */
function includedTypes(generator: SecretStringGenerator): string[] {
  const excluded = new Set(generator.ExcludeCharacters ?? '');
  return [
    generator.ExcludeLowercase ? '' : LOWERCASE,
    generator.ExcludeUppercase ? '' : LOWERCASE.toUpperCase(),
    generator.ExcludeNumbers ? '' : '0123456789',
    generator.ExcludePunctuation ? '' : PUNCTUATION,
    generator.IncludeSpace ? ' ' : '',
  ]
    .map((type) => [...type].filter((character) => !excluded.has(character)).join(''))
    .filter((type) => type !== '');
}

function shuffle(characters: string[], random: RandomBytes): string[] {
  const shuffled = [...characters];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = below(last + 1, random);
    [shuffled[last], shuffled[other]] = [shuffled[other] as string, shuffled[last] as string];
  }
  return shuffled;
}

const pick = (characters: string, random: RandomBytes): string =>
  characters[below(characters.length, random)] as string;

/** An integer from 0 to below the limit, which is small against 2^32. */
function below(limit: number, random: RandomBytes): number {
  return Buffer.from(random(4)).readUInt32BE() % limit;
}
