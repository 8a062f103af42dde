/** "worker_instance_type" → "workerInstanceType" */
type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** The same values with TypeScript's names instead of those of tofu.tfvars. */
export function camelCased<T extends object>(
  given: T,
): { [Name in keyof T as Name extends string ? CamelCase<Name> : Name]: T[Name] } {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [camelCase(name), value]),
  ) as ReturnType<typeof camelCased<T>>;
}

export function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
}

/** "workerInstanceType" → "worker_instance_type" */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
