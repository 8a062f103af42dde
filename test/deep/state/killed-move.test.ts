import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { filesInClear } from "../../commands/state";
import { ObjectStore } from "../../../src/object-store/object-store";
import { scaleway } from "../../support/clouds";
import { User } from "../../support/command-line";
import { filesWithKeys, keysIn } from "../../support/keys";
import { killAt, type KillPoint, killPoints } from "../../support/killed-at-tofu";
import { S3Server } from "../../support/s3-server";
import { keepInBucket } from "../../support/state-in-bucket";

// A dozen runs of the command, each several of tofu.
jest.setTimeout(600_000);

const clientFiles = /^(kubeconfig|talosconfig)/;
const key = "openaether/demo.tfstate";
/** One side of each call, the other one of the next: each is two moves and what finishes them. */
const isTried = ({ call, moment }: KillPoint) => (call % 2 === 1) === (moment === "after");

describe("state move that is killed", () => {
  let server: S3Server;
  let user: User;
  let store: ObjectStore;
  let keys: string[];

  beforeAll(async () => {
    server = await S3Server.start();
    store = new ObjectStore(server.bucket(), server.environment);
    user = await User.in(scaleway);
    inBucket();
    await user.done("state", "create");
    inFile();
    await user.done("up", "--yes");
    keys = keysIn(user.tofu("state", "pull"));
  });
  afterAll(async () => {
    await user.end();
    await server.end();
  });

  const inBucket = () => {
    keepInBucket(user, server);
  };
  const inFile = () => {
    user.edit({ state: { encryption: "passphrase" } });
  };
  const inClear = () => [
    ...filesInClear(user, keys).filter((file) => !clientFiles.test(file)),
    ...filesWithKeys(server.home, keys),
  ];
  const isInBucket = async () => (await store.writtenAt(key)) !== undefined;

  /** Kills a move on the way to a place, and finishes it. @returns whether it was killed */
  const isKilledOnTheWay = async (place: () => void, point: KillPoint) => {
    place();
    const isKilled = await killAt(user, point, ["state", "move"]);
    expect([point, inClear()]).toEqual([point, []]);
    // At each moment the state is in one of its places.
    expect([point, user.has("cluster.tfstate") || (await isInBucket())]).toEqual([point, true]);
    if (isKilled) await user.done("state", "move");
    expect([point, user.has("cluster.tfstate"), await isInBucket()]).toEqual([
      point,
      place === inFile,
      place === inBucket,
    ]);
    return isKilled;
  };

  test("into a bucket or out of it is finished by another one, with no key in clear", async () => {
    const kills = { into: 0, outOf: 0 };
    for (const point of killPoints(4).filter(isTried)) {
      if (await isKilledOnTheWay(inBucket, point)) kills.into += 1;
      if (await isKilledOnTheWay(inFile, point)) kills.outOf += 1;
    }
    expect(kills.into).toBeGreaterThanOrEqual(2);
    expect(kills.outOf).toBeGreaterThanOrEqual(2);
    expect(await user.done("plan")).toContain("no changes");
  });
});
