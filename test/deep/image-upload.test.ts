import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { readdirSync } from "node:fs";
import { outscale } from "../support/clouds";
import { ImageUser } from "../support/image-user";
import { S3Faults } from "../support/s3-faults";

jest.setTimeout(240_000);

let owner: ImageUser;
let faults: S3Faults;

beforeAll(async () => {
  owner = await ImageUser.on(outscale);
  const { store, user } = owner;
  if (store === undefined) throw new Error("it has an object store");
  faults = await S3Faults.before(store.port);
  user.variables = { ...user.variables, AWS_ENDPOINT_URL_S3: faults.endpoint };
});
afterAll(async () => {
  faults.end();
  await owner.end();
});

/** Of uploads, without the server's own directories. */
const buckets = () =>
  readdirSync(owner.store?.files ?? "").filter((name) => name.startsWith("openaether-"));

const goOn = () => `\n\n  ./openaether image create --from ${owner.file}\n`;

test.each([
  ["read-only", /do not have the right/],
  ["expired", /credentials/],
] as const)("an upload that a store refuses (%s) says so, and how to go on", async (kind, why) => {
  faults.fault = { kind };
  const { code, errors } = await owner.create();
  expect(errors).toMatch(why);
  expect(errors).toContain(`To go on once that is solved:${goOn()}`);
  expect(code).toBe(1);
});

test("an upload that is interrupted is begun again, and nothing of either is left", async () => {
  faults.fault = { kind: "stuck", after: 100_000 };
  const stuck = new Promise<void>((resolve) => {
    faults.onStuck = resolve;
  });
  const running = owner.user.start(["image", "create", "--from", owner.file, "--yes"]);
  await stuck;
  running.child.kill("SIGINT");
  const { errors } = await running.ended;
  expect(errors).toBe(`\nInterrupted. To go on:${goOn()}`);
  expect(buckets().length).toBe(1);

  faults.fault = undefined;
  expect(await owner.create()).toMatchObject({ code: 0, errors: "" });
  expect(buckets()).toEqual([]);
  expect(await owner.kinds()).toEqual(["outscale_image", "outscale_snapshot"]);
});
