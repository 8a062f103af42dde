import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { freePort } from "../../../src/cli/rehearse/tunnel";
import { testClouds } from "../../support/clouds";
import { argumentsOf, commandsOf } from "../../support/page-commands";
import { inTurn } from "../../support/rotation";
import { answers, DeepCluster } from "../deep-cluster";
import { DeepUser } from "../deep-user";
import { createdObjects, createObjects, readObjects } from "./objects";

jest.setTimeout(300_000);

/** From each cloud to each, of which one is gone here: the other one is a step further in each three turns. */
const ways = [0, 1, 2].flatMap((step) =>
  testClouds.map((from, index) => {
    const to = testClouds[(index + step) % testClouds.length] ?? from;
    return { name: `${from.name} to ${to.name}`, from, to };
  }),
);

describe.each(inTurn(ways, ways[5]!))("a backup from $name", ({ from, to: cloud }) => {
  const place = mkdtempSync(join(tmpdir(), "backups-"));
  const [file, key] = [join(place, "backup"), join(place, "key")];
  const options = { haste: 20, heartbeat: 1000 };
  let objects: ReadonlyMap<string, object>;

  beforeAll(async () => {
    const deep = await DeepCluster.create(from, from.available, options);
    const user = new DeepUser(deep);
    await deep.cluster.up();
    await deep.until("answering", answers(3));
    await createObjects(deep);
    objects = await readObjects(deep);
    await user.done("backup", "create-key", key);
    await user.done("backup");
    const backups = join(deep.cluster.home, "backups");
    copyFileSync(join(backups, readdirSync(backups)[0] ?? ""), file);
    await deep.end();
  });
  afterAll(() => {
    rmSync(place, { recursive: true });
  });

  test("is restored as a new cluster, object by object", async () => {
    const apiPort = await freePort();
    const deep = await DeepCluster.create(cloud, cloud.available, { ...options, apiPort });
    const user = new DeepUser(deep);
    user.variables = { OPENAETHER_API: `127.0.0.1:${apiPort}` };
    try {
      const values = { BACKUP: file, KEY: key, DIRECTORY: "." };
      const [restore = [], plan = []] = commandsOf("disaster.md", "The whole cloud").map((line) =>
        argumentsOf(line, values),
      );
      const output = await user.done(...restore, "--yes");
      expect(output).toContain("may still exist");
      await deep.until("complete", answers(3));
      expect(objects.size).toBe(createdObjects);
      const restored = await readObjects(deep);
      for (const [name, object] of objects) {
        expect({ name, object: restored.get(name) }).toEqual({ name, object });
      }
      expect(await user.done(...plan)).toContain("no changes");
    } finally {
      await deep.end();
    }
  });
});
