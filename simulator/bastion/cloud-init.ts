import { gunzipSync } from "node:zlib";

import { parse } from "yaml";

/** The part of a machine's cloud-init that concerns SSH. */
export interface CloudInit {
  /** Lines of `authorized_keys`, by user. */
  readonly authorizedKeys: Readonly<Record<string, readonly string[]>>;
  /** The pinned host key (OpenSSH or PEM); undefined when cloud-init generates one. */
  readonly hostKey: string | undefined;
  /** sshd's configuration files, by path. */
  readonly sshdFiles: Readonly<Record<string, string>>;
}

/** The default user of Ubuntu's images. */
const DEFAULT_USER = "ubuntu";

/** Parses user data as cloud-init on an Ubuntu image does. If it cannot be parsed, no login is possible. */
export function readCloudInit(userData: string): CloudInit {
  const document = /^#cloud-config\b/.test(userData) ? parseLeniently(userData) : {};
  const hostKeys = mapping(document.ssh_keys);
  return {
    authorizedKeys: authorizedKeys(document),
    hostKey: ["ed25519_private", "ecdsa_private", "rsa_private"]
      .map((name) => hostKeys[name])
      .find((key) => typeof key === "string"),
    sshdFiles: Object.fromEntries(
      list(document.write_files)
        .map(mapping)
        .filter(({ path }) => /^\/etc\/ssh\/sshd_config(\.d\/.*\.conf)?$/.test(String(path)))
        .map((file) => [String(file.path), contentOf(file)]),
    ),
  };
}

function parseLeniently(text: string): Record<string, unknown> {
  try {
    return mapping(parse(text));
  } catch {
    return {};
  }
}

/** Keys outside `users` belong to the default user, who exists unless `users` omits "default". */
function authorizedKeys(document: Record<string, unknown>): Record<string, string[]> {
  const users = "users" in document ? list(document.users) : ["default"];
  const keys: Record<string, string[]> = {};
  for (const user of users) {
    if (user === "default") keys[DEFAULT_USER] = strings(document.ssh_authorized_keys);
    const { name, ssh_authorized_keys: own } = mapping(user);
    if (typeof name === "string") keys[name] = strings(own);
  }
  return keys;
}

function contentOf({ content, encoding }: Record<string, unknown>): string {
  const text = typeof content === "string" ? content : "";
  const name = typeof encoding === "string" ? encoding : "";
  const bytes = /b(ase)?64/.test(name) ? Buffer.from(text, "base64") : Buffer.from(text);
  return (name.includes("gz") ? gunzipSync(bytes) : bytes).toString();
}

function mapping(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function strings(value: unknown): string[] {
  return (typeof value === "string" ? [value] : list(value)).filter(
    (item) => typeof item === "string",
  );
}
