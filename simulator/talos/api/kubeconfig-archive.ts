import { buffer } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";

import { extract, pack } from "tar-stream";

/** The form in which Talos sends a kubeconfig: a gzipped tar with one file of that name. */
export async function packKubeconfig(text: string): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: "kubeconfig", mode: 0o600 }, text);
  archive.finalize();
  return gzipSync(await buffer(archive));
}

/** @throws Error when the archive holds no kubeconfig. */
export async function unpackKubeconfig(archive: Buffer): Promise<string> {
  const entries = extract();
  entries.end(gunzipSync(archive));
  for await (const entry of entries) {
    const content = await buffer(entry);
    if (entry.header.name === "kubeconfig") return content.toString();
  }
  throw new Error("the archive holds no kubeconfig");
}
