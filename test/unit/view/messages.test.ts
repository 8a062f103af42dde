import { describe, expect, it, test } from "@jest/globals";
import { noInputFile } from "../../../src/errors";
import { explain, pathText } from "../../../src/view/messages";
import { publicKey, read, tfvars } from "../../support/input";

const text = `adminip = "203.0.113.7"
bastion_ssh_keys = { scaleway = "${publicKey}" }
admin_ip = "203.0.113.7"
node_distribution = {
  scaleway = {
    control_planes = 3
    workers        = 0
    zones          = ["fr-par-1", "fr-par-9"]
    instance_type  = "DEV1-S"
    image_name     = "an-image-whose-name-is-longer-than-a-line-has-room-for"
  }
}
`;

test("every problem is printed at its line, in order, with what was found, what is allowed and a fix", async () => {
  expect(await read(text)).toBe(`tofu.tfvars: 3 problems, nothing was written

  tofu.tfvars:1  adminip
      There is no such variable. Did you mean admin_ip?

  tofu.tfvars:8  node_distribution.scaleway.zones[1] = "fr-par-9"
      Not a zone of fr-par. Allowed: fr-par-1, fr-par-2, fr-par-3. Did you mean
      fr-par-1?

  tofu.tfvars:9  node_distribution.scaleway.instance_type = "DEV1-S"
      A control plane needs 4 GiB of memory; DEV1-S has 2. Smallest that fits:
      DEV1-M.

2 warnings

  tofu.tfvars:8   node_distribution.scaleway.zones
      2 of 3 control planes share fr-par-1: losing that zone loses the quorum.

  tofu.tfvars:10  node_distribution.scaleway.image_name = "an-image-whose-name-is-longer-than-a-li…
      "an-image-whose-name-is-longer-than-a-line-has-room-for" does not say that
      it is Talos v1.14.1: a node does not boot with a machine configuration
      newer than its Talos.`);
});

test("a missing variable is printed last, without a line", async () => {
  const words = await read(tfvars('cluster_name = "X"').replace(/^admin_ip.*$/m, ""));
  expect(words.match(/^ {2}\S.*$/gm)).toEqual([
    '  tofu.tfvars:8  cluster_name = "X"',
    "  tofu.tfvars    admin_ip",
  ]);
});

test("lines of problems are sorted as numbers", async () => {
  const words = await read(
    tfvars("", "", "zzz = 1").replace("control_planes = 1", 'control_planes = "1"'),
  );
  expect(words.match(/tofu\.tfvars:\d+/g)).toEqual(["tofu.tfvars:4", "tofu.tfvars:10"]);
});

test("one problem is counted in the singular", async () => {
  expect(await read(tfvars("zzz = 1"))).toMatch(/^tofu\.tfvars: 1 problem, nothing was written\n/);
});

test("a private key is never printed as a value", async () => {
  const words = await read(tfvars('image = "-----BEGIN EC PRIVATE KEY-----"'));
  expect(words).toMatch(/^ {2}tofu\.tfvars:8 {2}image$/m);
});

describe("a path of a problem", () => {
  it.each([
    [["admin_ip"], "admin_ip"],
    [["admin_ip", 1], "admin_ip[1]"],
    [["node_distribution", "scaleway", "zones", 0], "node_distribution.scaleway.zones[0]"],
  ])("%j is written %s", (path, written) => {
    expect(pathText(path)).toBe(written);
  });
});

test("a bug of the program is not explained: its stack trace is printed", () => {
  expect(explain(new TypeError("x is undefined"))).toBeUndefined();
  expect(explain(noInputFile("/home"))).toMatch(/^There is no tofu\.tfvars in \/home\./);
});
