import { expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { picture } from "../../src/cli/explain/page/picture";
import { scaleway } from "../support/clouds";
import { publicKey, specOf, synthesized } from "../support/input";

const file = join(__dirname, "..", "..", "docs", "network.svg");

test("the README's picture is up to date (UPDATE_PICTURE=1 draws it again)", async () => {
  const given = {
    cluster_name: "prod",
    admin_ip: ["203.0.113.7", "198.51.100.0/24"],
    bastion_ssh_keys: { scaleway: publicKey },
    node_distribution: { scaleway: scaleway.available },
  };
  const drawn = await picture(synthesized(given).json, specOf(given));
  if (process.env["UPDATE_PICTURE"] === "1") writeFileSync(file, drawn);
  expect(readFileSync(file, "utf8")).toBe(drawn);
});
