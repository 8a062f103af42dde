import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TestCloud } from "../support/clouds";
import { User } from "../support/command-line";

/** A cluster's whole lifecycle on the command line, from up to down. */
export function upOn(clouds: readonly TestCloud[]): void {
  describe.each(clouds)("a cluster's lifecycle on $name, on the command line:", (cloud) => {
    let user: User;

    beforeAll(async () => {
      user = await User.in(cloud);
    });
    afterAll(() => user.end());

    test("plan prints what will be created, with status 2, and creates nothing", async () => {
      const { code, output, errors } = await user.openaether("plan");
      expect(errors).toBe("");
      expect(output).toContain(`demo on a simulated `);
      expect(output).toContain(`${cloud.resources.single} resources to create`);
      expect(code).toBe(2);
      expect(await user.cloudObjects()).toEqual({});
    });

    test("status reports that no resources exist", async () => {
      expect(await user.done("status")).toContain("no resources exist");
      expect(JSON.parse(await user.done("status", "--json"))).toMatchObject({ stands: false });
    });

    test("up creates it in one run, part by part, and prints how it is reached", async () => {
      const output = await user.done("up", "--yes");
      const reported = [...output.matchAll(/^ {2}✓ (\S+(?: \S+)*) {2,}/gm)].map(([, part]) => part);
      expect(reported.sort()).toEqual(
        ["Kubernetes", "bastion", "load balancer", "network", "nodes", "secrets and files"].sort(),
      );
      expect(output).toContain("It is simulated: nothing answers at https://");
      expect(output).toContain("kubectl --kubeconfig kubeconfig.simulated get nodes");
      expect(user.stateList()).toHaveLength(cloud.resources.single);
    });

    test("every file that up wrote is for its owner only, and no tunnel stays open", () => {
      const files = [
        "kubeconfig.simulated",
        "talosconfig.simulated",
        "cluster.tfstate",
        "cluster.tfstate.backup",
        ".openaether/journal.done",
      ];
      expect(files.map((file) => `${file} ${user.mode(file)}`)).toEqual(
        files.map((file) => `${file} 600`),
      );
      expect(user.has("cdktf.out/stacks/demo/.tunnel-demo")).toBe(false);
    });

    test("a second plan has no changes, and neither has a second up", async () => {
      expect(await user.done("plan")).toContain("no changes");
      const up = await user.done("up", "--yes");
      expect(up).toContain(`no changes. ${cloud.resources.single} resources up to date.`);
    });

    test("status prints the existing resources, endpoints and expiry", async () => {
      const output = await user.done("status");
      expect(output).toMatch(/Kubernetes API +https:\/\/[\d.]+:6443/);
      expect(output).toMatch(/bastion +ubuntu@[\d.]+/);
      expect(output).toMatch(/nodes +control-plane-0$/m);
      expect(output).toMatch(/kubeconfig +good until \d{4}-\d\d-\d\d, \d+ days/);
      expect(output).not.toContain("Not finished");
      expect(JSON.parse(await user.done("status", "--json"))).toMatchObject({
        cluster: { cluster_name: "demo", cloud: cloud.name },
        stands: true,
        resources: cloud.resources.single,
        unfinished: [],
        nodes: ["control-plane-0"],
      });
    });

    test.each(["kubeconfig", "talosconfig"])(
      "status --%s writes the file again, and never over another cluster's",
      async (name) => {
        const file = `${name}.simulated`;
        const before = user.read(file);
        user.write(file, "");
        await user.done("status", `--${name}`);
        expect(user.read(file)).toBe(before);
        expect(user.mode(file)).toBe("600");

        const other = before.replaceAll(/(certificate-authority-data"|ca): ("?)/g, "$1: $2Z");
        user.write(file, other);
        const { code, errors } = await user.openaether("status", `--${name}`);
        expect(errors).toContain("belongs to another cluster");
        expect(code).toBe(1);
        expect(user.read(file)).toBe(other);
        user.write(file, before);
      },
    );

    test("more nodes, and fewer, are applied in stages, after which nothing is left to do", async () => {
      user.nodes({ ...cloud.single, control_planes: 3, workers: 2 });
      const more = await user.done("up", "--yes");
      expect(stagesIn(more)).toEqual([
        "What touches no node",
        "control-plane-1 is added",
        "control-plane-2 is added",
        "Control planes enter the load balancer",
        "worker-0, worker-1 are added",
      ]);
      expect(await user.done("plan")).toContain("no changes");
      user.nodes({ ...cloud.single, control_planes: 1, workers: 1 });
      const allowed = ["--allow", "control-plane-1", "--allow", "control-plane-2"];
      const fewer = await user.done("up", "--yes", ...allowed);
      expect(fewer).toContain("etcd will have 1 member instead of 3");
      expect(stagesIn(fewer)).toEqual([
        "What touches no node",
        "Control planes leave the load balancer",
        "worker-1 is removed",
        "control-plane-2 is removed",
        "control-plane-1 is removed",
      ]);
      expect(await user.done("plan")).toContain("no changes");
      user.nodes(cloud.single);
      await user.done("up", "--yes");
      expect(user.stateList()).toHaveLength(cloud.resources.single);
    });

    test("down refuses another name, and to run without a terminal", async () => {
      const wrong = await user.openaether("down", "--name", "prod");
      expect([wrong.code, wrong.errors]).toEqual([
        1,
        "This cluster is called demo, not prod. Nothing was changed.\n",
      ]);
      const withoutTerminal = await user.openaether("down");
      expect(withoutTerminal.errors).toContain("--name demo");
      expect(withoutTerminal.code).toBe(1);
      expect(user.stateList()).toHaveLength(cloud.resources.single);
    });

    test("down destroys what was last applied, even with an invalid tofu.tfvars", async () => {
      user.write("tofu.tfvars.json", "{ broken");
      const output = await user.done("down", "--name", "demo");
      expect(output).toContain("EVERYTHING of demo will be destroyed");
      expect(output).toContain("The state is empty.");
      expect(user.stateList()).toEqual([]);
      expect(await user.cloudObjects()).toEqual({});
      expect(await user.done("down", "--name", "demo")).toContain("no resources exist");
    });
  });
}

/** The titles of the stages that up printed. */
function stagesIn(output: string): string[] {
  return [...output.matchAll(/^(.+) \(\d of \d\)$/gm)].map(([, title = ""]) => title);
}
