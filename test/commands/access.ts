import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { TestCloud } from "../support/clouds";
import { User } from "../support/command-line";

// Each runs tofu several times.
jest.setTimeout(240_000);

/** What plan and up print about access rules. */
export function accessOn(clouds: readonly TestCloud[]): void {
  describe.each(clouds)("what plan and up print about access on $name", (cloud) => {
    let user: User;

    beforeEach(async () => {
      user = await User.in(cloud);
    });
    afterEach(() => user.end());

    const access = (output: string) =>
      output
        .split("\n")
        .filter((line) => line.includes("access:") || line.includes("OPEN"))
        .map((line) => line.trim());

    test("opening to the internet comes first and needs consent by name, closing it is reported", async () => {
      await user.done("up", "--yes");
      user.edit({ admin_ip: "0.0.0.0/0", allow_open_admin: true });
      const { code, output, errors } = await user.openaether("up", "--yes");
      const opening = "bastion SSH, API port 6443 will be OPEN to 0.0.0.0/0";
      expect(access(output)).toEqual([
        `!  ${opening}  (more than a /8 of the internet may connect)`,
        "~  access: newly allowed: 0.0.0.0/0 (bastion SSH, API port 6443)",
      ]);
      expect(errors).toContain(`--yes does not cover this: ${opening}. Name it: --allow internet`);
      expect(code).toBe(1);
      const json = JSON.parse((await user.openaether("plan", "--json")).output);
      expect(json.warnings).toMatchObject([{ consent: "internet" }]);
      expect(json.access).toMatchObject([{ allowed: ["0.0.0.0/0"], denied: [] }]);

      await user.done("up", "--yes", "--allow", "internet");
      user.edit({ admin_ip: "203.0.113.7" });
      const closed = await user.done("up", "--yes");
      expect(access(closed)).toEqual([
        "~  access: no longer allowed: 0.0.0.0/0, except 203.0.113.7/32 (bastion SSH, API port 6443)",
      ]);
    });

    test("nothing is reported as opened after an interruption at the load balancer", async () => {
      const type = cloud.types.loadBalancer;
      await user.faults({ kind: "error", type, operation: "create" });
      expect((await user.openaether("up", "--yes")).code).toBe(1);
      const message = access((await user.openaether("plan")).output);
      expect(message.length).toBeGreaterThan(0);
      for (const line of message) {
        expect(line).toMatch(/^~ {2}access: (newly allowed: 203\.0\.113\.7\/32|who is allowed) /);
      }
    });
  });
}
