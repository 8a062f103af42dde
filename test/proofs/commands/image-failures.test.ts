import { afterEach, expect, jest, test } from "@jest/globals";
import { ovh, scaleway, type TestCloud } from "../../support/clouds";
import { ImageUser } from "../../support/image-user";

jest.setTimeout(300_000);

let owner: ImageUser;
afterEach(() => owner.end());

/** A failed `image create`, with this in its message, and the command that goes on. */
async function fails(...messages: readonly RegExp[]) {
  const { code, errors } = await owner.create();
  for (const message of messages) expect(errors).toMatch(message);
  expect(errors).toContain(`\n  ./openaether image create --from ${owner.file}`);
  expect(code).toBe(1);
}

/** The same command succeeds, and nothing is there twice. */
async function succeeds(kinds: readonly string[]) {
  const { code, errors } = await owner.create();
  expect({ code, errors }).toMatchObject({ code: 0 });
  expect(await owner.kinds()).toEqual(kinds);
}

const ofScaleway = ["scaleway_block_snapshot", "scaleway_instance_image"];

test("on Scaleway a failed import, and one that takes longer than an hour, are begun again", async () => {
  owner = await ImageUser.on(scaleway);
  const snapshot = { type: "scaleway_block_snapshot", operation: "create" } as const;
  await owner.user.faults({ ...snapshot, kind: "lasting", message: "snapshot is in error state" });
  await fails(/snapshot is in error state/);
  await owner.user.faults();
  await succeeds(ofScaleway);
});

test("where a right is missing, the message names it", async () => {
  owner = await ImageUser.on(scaleway);
  const message = "scaleway-sdk-go: insufficient permissions: write on block_snapshot";
  await owner.user.faults({ kind: "error", type: "scaleway_block_snapshot", message });
  await fails(/insufficient permissions/, /may lack a right: BlockStorageFullAccess/);
  await owner.user.faults();
  await succeeds(ofScaleway);
});

test("a quota that is exceeded is reported in the cloud's words, and what exists is kept", async () => {
  owner = await ImageUser.on(scaleway);
  const message = "quota exceeded(s): BlockStorageSnapshots has reached its quota (0/0)";
  await owner.user.faults({ kind: "error", type: "scaleway_block_snapshot", message });
  await fails(/has reached its quota/);
  expect(await owner.kinds()).toEqual(["scaleway_object", "scaleway_object_bucket"]);
  await succeeds(ofScaleway);
});

test("an answer that is lost leaves nothing twice", async () => {
  owner = await ImageUser.on(scaleway);
  await owner.user.faults({ kind: "timeout-done", type: "scaleway_block_snapshot" });
  await fails(/timeout/);
  await owner.user.faults();
  await succeeds(ofScaleway);
});

/** A run that is killed when the snapshot is created: its type, and its id. */
async function killedAfterSnapshot(): Promise<readonly [kind: string, id: string]> {
  owner = await ImageUser.on(scaleway);
  const create = ["image", "create", "--from", owner.file, "--yes"];
  await owner.killedAt({ change: 3, moment: "after" }, create);
  const [kind = ""] = ofScaleway;
  return [kind, (await owner.objects()).find(([one]) => one === kind)?.[1] ?? ""];
}

test("on Scaleway a snapshot whose import has failed without a message is imported again", async () => {
  const [kind, id] = await killedAfterSnapshot();
  await owner.user.simulator.change(kind, id, { hasFailed: true });
  await fails(/the snapshot is not available/, /next run imports again: snapshot in fr-par-1/);
  await succeeds(ofScaleway);
  expect(await owner.objects()).not.toContainEqual([kind, id]);
});

test("on Scaleway an import that takes longer than the provider's read of it is waited for", async () => {
  const [kind, id] = await killedAfterSnapshot();
  await owner.user.simulator.change(kind, id, { readyAt: Date.now() + 6000 });
  const { output, errors, code } = await owner.create();
  expect(errors).toBe("");
  expect(output).toMatch(/The cloud still creates what is read: waiting for it/);
  expect(code).toBe(0);
  expect(await owner.kinds()).toEqual(ofScaleway);
  expect(await owner.objects()).toContainEqual([kind, id]);
});

test.each([
  ["before the import was saved", 3, "after"],
  ["that is about to be deleted", 5, "before"],
] as const)("on Scaleway a bucket %s may be deleted by hand", async (_when, change, moment) => {
  owner = await ImageUser.on(scaleway);
  await owner.killedAt({ change, moment }, ["image", "create", "--from", owner.file, "--yes"]);
  for (const [kind, id] of await owner.objects())
    if (kind.startsWith("scaleway_object")) await owner.user.simulator.remove(kind, id);
  await succeeds(ofScaleway);
});

test("on OVHcloud an upload that was cut is deleted, and begun again", async () => {
  owner = await ImageUser.on(ovh);
  const create = ["image", "create", "--from", owner.file, "--yes"];
  await owner.killedAt({ change: 1, moment: "after" }, create);
  const [[kind, id] = ["", ""]] = await owner.objects();
  await owner.user.simulator.change(kind, id, { isUploaded: false });
  await succeeds([kind]);
  expect((await owner.objects())[0]?.[1]).not.toBe(id);
});

test("what the cloud refuses to delete is deleted by the next delete", async () => {
  owner = await ImageUser.on(scaleway);
  await owner.create();
  const message = "snapshot is in use by an instance";
  const type = "scaleway_block_snapshot";
  await owner.user.faults({ kind: "error", operation: "delete", type, message });
  const { code, errors } = await owner.user.openaether("image", "delete", "--yes");
  expect(errors).toMatch(/snapshot is in use[^]*\.\/openaether image delete/);
  expect(code).toBe(1);
  await owner.user.faults();
  await owner.user.done("image", "delete", "--yes");
  expect(await owner.kinds()).toEqual([]);
});

test("a state that was truncated is restored from its backup, and what that lacks is found in the cloud", async () => {
  owner = await ImageUser.on(ovh);
  const { user } = owner;
  await owner.create();
  const before = await owner.objects();
  user.write("images.tfstate", user.read("images.tfstate").slice(0, 300));
  const { code, errors } = await user.openaether("image");
  expect(errors).toMatch(/images\.tfstate is truncated\. image create/);
  expect(code).toBe(1);

  const output = await user.done("image", "create", "--yes");
  expect(output).toMatch(/images\.tfstate was truncated: restored from images\.tfstate\.backup/);
  expect(await owner.objects()).toEqual(before);
  await user.done("image", "delete", "--yes");
  expect(await owner.kinds()).toEqual([]);

  user.write("images.tfstate", "{");
  user.write("images.tfstate.backup", "");
  await succeeds(["openstack_images_image_v2"]);
});

test("an image that a user imported by hand is used, and never deleted", async () => {
  const seeded: TestCloud = { ...ovh, account: { images: [{ name: "talos-v1.14.1" }] } };
  owner = await ImageUser.withAccount(seeded);
  const output = await owner.user.done("image", "create", "--yes");
  expect(output).toMatch(/there, not created from here/);
  const before = await owner.kinds();
  expect(await owner.user.done("image", "delete", "--yes")).toMatch(/Nothing was deleted/);
  expect(await owner.kinds()).toEqual(before);
});

test("an upgrade gets an image of its own beside the old one; of another version under the same name it is refused", async () => {
  owner = await ImageUser.on(ovh);
  const { user } = owner;
  user.edit({ talos_version: "v1.13.9", kubernetes_version: "v1.36.0" });
  user.nodes({ ...ovh.single, image_name: "mine" });
  owner.rewrite({ version: "v1.13.9" });
  await user.done("image", "create", "--from", owner.file, "--yes");

  user.edit({ talos_version: "v1.14.1" });
  const { code, errors } = await owner.create();
  expect(errors).toMatch(/The image mine is Talos v1\.13\.9, and tofu\.tfvars says v1\.14\.1/);
  expect(code).toBe(1);
  expect((await user.openaether("doctor")).output).toMatch(/mine is Talos v1\.13\.9/);

  user.nodes({ ...ovh.single, image_name: "talos-v1.14.1" });
  owner.rewrite({ version: "v1.14.1" });
  await user.done("image", "create", "--from", owner.file, "--yes");
  expect((await user.openaether("image")).output).toMatch(/Also created from here:\n\n {2}mine/);
});
