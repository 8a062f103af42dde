import { afterEach, describe, expect, test } from "@jest/globals";
import type { TestCloud } from "../support/clouds";
import { User } from "../support/command-line";

interface Explained {
  readonly of: string;
  readonly rows: readonly { from: string; to: string; ports: string[]; reached: boolean }[];
  readonly findings: readonly { title: string; broken: string[] }[];
}

/** Compares what explain prints about an input with what it prints about the real tofu's state of it. */
export function explainOn(clouds: readonly TestCloud[]): void {
  describe.each(clouds)("explain on $name", (cloud) => {
    let user: User;
    afterEach(() => user.end());

    const json = async (...more: string[]) =>
      JSON.parse(await user.done("explain", "--json", "--all", ...more)) as Explained;

    test("prints the same before anything exists and of what exists", async () => {
      user = await User.in(cloud, cloud.available);
      const printed = await user.done("explain");
      expect(printed).toMatch(/^an admin$/m);
      expect(printed).toMatch(/^ {2}→ the bastion, by its public address +22\/tcp +\S+/m);
      expect(printed).toMatch(/^ {2}→ the load balancer, by its public address +6443\/tcp +\S+/m);
      // A node's own pods may reach ports that other nodes' pods may not.
      expect(printed).toMatch(/^a pod\n {2}→ its own control plane +6443\/tcp +\S+/m);
      expect(printed).toMatch(/^ {2}→ a control plane +50000\/tcp +\S+/m);
      expect(printed).toContain("✓ From the internet nothing is reached.");
      expect(printed).not.toMatch(/✗|the internet\n {2}→/);
      // Nothing was created for it, and nothing written.
      expect(await user.cloudObjects()).toEqual({});
      expect(user.has("cdktf.out/stacks/demo/cdk.tf.json")).toBe(false);

      const before = await json();
      const { code, errors } = await user.openaether("explain", "--state");
      expect([code, errors]).toEqual([1, expect.stringContaining("Nothing was synthesized")]);
      await user.done("up", "--yes");
      const after = await json("--state");
      expect(after.of).toBe("the resources that exist");
      // The model that needs no tofu, and the real tofu's state of the same configuration.
      const reached = ({ rows }: Explained) =>
        rows.filter((row) => row.reached).map(({ from, to, ports }) => ({ from, to, ports }));
      expect(reached(after)).toEqual(reached(before));
      expect(after.findings.filter(({ broken }) => broken.length > 0)).toEqual([]);
    });
  });
}
