const hidden = "(removed: a secret)";
const hiddenState = "(removed: the state, which holds every key of the cluster)";

/** The beginning of a state, as tofu writes it. */
const stateStart = /\{\s*"version"\s*:\s*\d+\s*,\s*"terraform_version"/;
const privateKey =
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g;
const privateKeyEnd = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----/;
/** base64, also over several lines. */
const encoded = /[A-Za-z0-9+/]{8,}={0,2}(?:[ \t]*\r?\n[ \t]*[A-Za-z0-9+/]{8,}={0,2})*/g;
/** Of Talos and Kubernetes, to join a cluster. */
const joinToken = /\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g;
/** A value by its name: "secret_key = …", "token: …", "client-key-data: …". */
const named =
  /((?:private[_-]?key|secret|token|password|passphrase|key-data)[\w-]{0,40}\\?"?\s{0,9}[:=]\s{0,9}\\?"?)([A-Za-z0-9+/=_.~-]{12,})/gi;
/** Environment variables whose values must not be printed. */
const secretVariables = /SECRET|PASSWORD|PASSPHRASE|TOKEN|TF_ENCRYPTION/;
/** Secrets that are in no environment variable. */
const known = new Set<string>();
/** The beginning of a public SSH key in base64: the length of its type, and the type. */
const publicKey = /^\0{3}.(?:ssh|ecdsa|sk)-/;
/** Of a SHA-256, in characters of base64 without padding. */
const fingerprintLength = 43;
/** In characters of base64: anything shorter contains no whole key. */
const shortestKey = 40;

/**
 * A message of tofu's, of a provider's or of a cloud's without what must never be printed: states,
 * private keys (also in base64, also truncated), tokens, user data, and the credentials in the
 * environment. A public certificate or key in base64 may be removed with them.
 */
export function withoutSecrets(text: string): string {
  return withoutEnds(withoutCredentials(withoutStates(text)).replaceAll(privateKey, hidden))
    .replaceAll(encoded, (run, offset: number, all: string) =>
      isHarmless(run, offset, all) ? run : hidden,
    )
    .replaceAll(joinToken, hidden)
    .replaceAll(named, `$1${hidden}`);
}

/** Never to be printed: removed from every message from now on. */
export function hideSecret(secret: string): void {
  known.add(secret);
}

/** The same for every string in a value that is to be printed as JSON. */
export function withoutSecretsIn<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) =>
      typeof part === "string" ? withoutSecrets(part) : part,
    ),
  ) as T;
}

function withoutStates(text: string): string {
  const start = text.search(stateStart);
  if (start < 0) return text;
  const end = endOfObject(text, start);
  return text.slice(0, start) + hiddenState + withoutStates(text.slice(end));
}

/** The end of the object that begins there; the end of the string where it is truncated. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let isString = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (isString) {
      if (character === "\\") index += 1;
      else if (character === '"') isString = false;
    } else if (character === '"') isString = true;
    else if (character === "{") depth += 1;
    else if (character === "}") depth -= 1;
    if (depth === 0) return index + 1;
  }
  return text.length;
}

/** A private key whose beginning was cut off. */
function withoutEnds(text: string): string {
  const end = privateKeyEnd.exec(text);
  if (end === null) return text;
  let start = end.index;
  while (start > 0 && /[A-Za-z0-9+/=\s]/.test(text[start - 1] ?? "")) start -= 1;
  return text.slice(0, start) + hidden + withoutEnds(text.slice(end.index + end[0].length));
}

function withoutCredentials(text: string): string {
  const values = Object.entries(process.env)
    .filter(([name]) => secretVariables.test(name))
    .flatMap(([, value = ""]) => [value, ...(/"passphrase"\s*[=:]\s*"([^"]+)"/.exec(value) ?? [])])
    .concat([...known])
    .filter((value) => value.length >= 8);
  return values.reduce((rest, value) => rest.replaceAll(value, hidden), text);
}

function isHarmless(run: string, offset: number, text: string): boolean {
  const base64 = run.replaceAll(/\s+/g, "");
  if (base64.length < shortestKey || !isRandom(base64)) return true;
  // Of a provider's package, or of a public SSH key.
  const isHash =
    /\b(?:h1|zh):$/.test(text.slice(Math.max(0, offset - 3), offset)) ||
    (base64.length === fingerprintLength && text.slice(0, offset).endsWith("SHA256:"));
  return isHash || publicKey.test(Buffer.from(base64, "base64").toString("latin1"));
}

/** Unlike a path or a word: letters of both cases and digits, and few slashes. */
function isRandom(base64: string): boolean {
  const slashes = base64.split("/").length - 1;
  return (
    /[a-z]/.test(base64) &&
    /[A-Z]/.test(base64) &&
    /\d/.test(base64) &&
    slashes <= base64.length / 12
  );
}
