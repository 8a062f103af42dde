import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ImageRecord, uploadOf } from "../../../constructs/model/image";
import { UserError } from "../../errors";
import type { Bucket } from "../../object-store/bucket";
import type { ObjectStore } from "../../object-store/object-store";
import { elapsed } from "../../view/elapsed";
import { waitingFor } from "../cluster/waiting";
import { ImageStepFailed } from "./apply";
import type { ImageWorkspace } from "./workspace";

/** Uploads whose bucket may exist: a file each, named by the image's label. */
const notePrefix = "upload-";
/** How long the cloud may take to fetch the file, in seconds: longer than its queue. */
const validity = 12 * 3600;

/**
 * Uploads the file into a bucket of its own, where the provider cannot.
 * @returns an address from which the cloud gets it
 * @throws ImageStepFailed
 */
export async function uploadByS3(
  workspace: ImageWorkspace,
  record: ImageRecord,
  file: string,
  say: (text: string) => void,
): Promise<string> {
  const { key } = uploadOf(record, workspace.cloud.talos.name);
  writeFileSync(noteOf(workspace, record.label), "", { mode: 0o600 });
  return withStore(workspace, record.label, async (store) => {
    if (!(await store.exists())) await store.create();
    const started = Date.now();
    const title = `file in the bucket ${store.bucket.name}`;
    await waitingFor(title, say, store.putFile(key, file));
    say(`  ✓ ${title}  ${elapsed(Date.now() - started)}`);
    return store.presign(key, validity);
  });
}

/** Labels of the images whose upload is not deleted yet. */
export function openUploads({ memory }: ImageWorkspace): string[] {
  return readdirSync(memory)
    .filter((name) => name.startsWith(notePrefix))
    .map((name) => name.slice(notePrefix.length));
}

/** Deletes the buckets of all uploads. @throws ImageStepFailed */
export async function deleteUploads(
  workspace: ImageWorkspace,
  say: (text: string) => void,
): Promise<void> {
  for (const label of openUploads(workspace)) {
    await withStore(workspace, label, async (store) => {
      if (!(await store.exists())) return;
      await store.remove();
      say(`  ✓ deleted: bucket ${store.bucket.name}`);
    });
    rmSync(noteOf(workspace, label), { force: true });
  }
}

/** @throws ImageStepFailed for what the store refuses */
async function withStore<T>(
  workspace: ImageWorkspace,
  label: string,
  work: (store: ObjectStore) => Promise<T>,
): Promise<T> {
  const { ObjectStore } = await import("../../object-store/object-store.js");
  let store: ObjectStore | undefined;
  try {
    store = new ObjectStore(bucketOf(workspace, label), process.env);
    return await work(store);
  } catch (error) {
    throw error instanceof UserError ? new ImageStepFailed(error.message, false) : error;
  } finally {
    store?.close();
  }
}

/** AWS_ENDPOINT_URL_S3 and AWS_REGION, which S3 clients know, name another store than the cloud's. */
function bucketOf({ cloud, spec }: ImageWorkspace, label: string): Bucket {
  const { objectStore: store } = cloud;
  const name = `openaether-${label}`;
  const { AWS_ENDPOINT_URL_S3: other, AWS_REGION: otherRegion } = process.env;
  return other === undefined
    ? { endpoint: store.endpoint(spec.region), region: spec.region, name, store }
    : { endpoint: other, region: otherRegion ?? spec.region, name, store };
}

function noteOf({ memory }: ImageWorkspace, label: string): string {
  return join(memory, `${notePrefix}${label}`);
}
