import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { inflateRawSync } from "node:zlib";

/** What only the state's owner may have: parts of every private key and token in a state. */
export function keysIn(state: string): string[] {
  const found = new Set<string>();
  const collect = (value: unknown) => {
    if (typeof value === "string") for (const piece of piecesOf(value)) found.add(piece);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(collect);
  };
  collect(JSON.parse(state));
  return [...found];
}

function piecesOf(text: string): string[] {
  const bodies = [...text.matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----\s*([^-]+)-----END/g)].map(
    ([, body = ""]) => body.replaceAll(/\s/g, "").slice(-40),
  );
  const encoded = [...text.matchAll(/LS0tLS1CRUdJTi[A-Za-z0-9+/=]+/g)]
    .map(([base64]) => base64)
    .filter((base64) => Buffer.from(base64, "base64").includes("PRIVATE KEY"))
    .map((base64) => base64.slice(60, 110));
  const tokens = [...text.matchAll(/\b[a-z0-9]{6}\.[a-z0-9]{16}\b/g)].map(([token]) => token);
  return [...bodies, ...encoded, ...tokens].filter((piece) => piece.length > 20);
}

/** Whether some bytes contain one of the keys, plain, in base64, or in a zip. */
export function holdsKey(content: Buffer, keys: readonly string[]): boolean {
  const isIn = (part: Buffer) =>
    keys.some((key) => formsOf(key).some((form) => part.includes(form)));
  return isIn(content) || unzipped(content).some(isIn);
}

/** Files below a directory that contain one of the keys, by relative path. */
export function filesWithKeys(directory: string, keys: readonly string[]): string[] {
  return filesIn(directory)
    .filter((file) => holdsKey(readFileSync(file), keys))
    .map((file) => relative(directory, file))
    .sort();
}

function filesIn(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    const stat = lstatSync(path);
    if (stat.isDirectory()) return filesIn(path);
    return stat.isFile() ? [path] : [];
  });
}

/** A string, and its possible forms inside of base64, at each of the three alignments. */
function formsOf(text: string): string[] {
  const encoded = [0, 1, 2].map((offset) =>
    Buffer.from("x".repeat(offset) + text)
      .toString("base64")
      .slice(4, -4),
  );
  return [text, ...encoded];
}

/** The entries of a zip; none where it is no zip. */
function unzipped(content: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  const signature = Buffer.from("PK\u0001\u0002", "latin1");
  for (let at = content.indexOf(signature); at >= 0; at = content.indexOf(signature, at + 4)) {
    if (at + 46 > content.length) break;
    const size = content.readUInt32LE(at + 20);
    const start = content.readUInt32LE(at + 42);
    if (content.readUInt32LE(start) !== 0x04034b50) continue;
    const names = content.readUInt16LE(start + 26) + content.readUInt16LE(start + 28);
    const data = content.subarray(start + 30 + names, start + 30 + names + size);
    entries.push(content.readUInt16LE(at + 10) === 8 ? inflateRawSync(data) : data);
  }
  return entries;
}
