import { X509Certificate } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { scaleway } from "../support/clouds";
import { User } from "../support/command-line";

const day = 86_400_000;

describe("credentials that end", () => {
  let user: User;

  beforeAll(async () => {
    user = await User.in(scaleway, scaleway.single);
  });
  afterAll(() => user.end());

  const decoded = (text: string) => Buffer.from(text, "base64").toString();
  /** Signed by the authority, for clients alone, and for how long it is valid from now, in days. */
  const checked = (certificate: string, authority: string) => {
    const client = new X509Certificate(decoded(certificate));
    const issuer = new X509Certificate(decoded(authority));
    expect(client.checkIssued(issuer) && client.verify(issuer.publicKey)).toBe(true);
    expect(client.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
    const days = Math.round((new Date(client.validTo).getTime() - Date.now()) / day);
    return { subject: client.subject.split("\n").sort(), days };
  };

  test("are not there before the cluster is", async () => {
    for (const kind of ["kubeconfig", "talosconfig"]) {
      expect(await user.openaether(kind)).toMatchObject({ code: 1 });
    }
    await user.openaether("plan");
    for (const kind of ["kubeconfig", "talosconfig"]) {
      const { code, errors } = await user.openaether(kind);
      expect(errors).toContain(`There is no ${kind} in the state yet.`);
      expect(code).toBe(1);
    }
  });

  describe("of a cluster", () => {
    beforeAll(async () => {
      await user.done("up", "--yes");
    });

    test("are a kubeconfig of a reader for a day, with the line that binds its group", async () => {
      const output = await user.done("kubeconfig");
      expect(output).toContain("role view, valid for 24h.");
      expect(output).toContain(
        "kubectl create clusterrolebinding openaether:view --clusterrole=view --group=openaether:view",
      );
      const file = "kubeconfig.simulated.view";
      const { clusters, users } = parse(user.read(file)) as Kubeconfig;
      const administrator = parse(user.read("kubeconfig.simulated")) as Kubeconfig;
      expect(clusters).toEqual(administrator.clusters);
      const own = users[0]!.user["client-certificate-data"];
      expect(checked(own, clusters[0]!.cluster["certificate-authority-data"])).toEqual({
        subject: ["CN=openaether", "O=openaether:view"],
        days: 1,
      });
      expect(statSync(join(user.home, file)).mode & 0o777).toBe(0o600);
      expect(output).not.toContain(own);
    });

    test("are a talosconfig of a role for a week, in a file of choice", async () => {
      await user.done("talosconfig", "--role", "etcd-backup", "--ttl", "7d", "--output", "backup");
      const talosconfig = parse(user.read("backup")) as Talosconfig;
      const { crt, ca, ...rest } = talosconfig.contexts[talosconfig.context]!;
      expect(checked(crt, ca)).toEqual({ subject: ["O=os:etcd:backup"], days: 7 });
      expect(rest).toMatchObject({ nodes: ["172.16.4.4"] });
    });

    test("replace those issued before, and no file that holds anything else", async () => {
      expect(await user.done("kubeconfig")).toContain("Replaced ");
      const state = user.read("cluster.tfstate");
      const { code, errors } = await user.openaether("kubeconfig", "--output", "cluster.tfstate");
      expect(errors).toContain("cluster.tfstate holds something else.");
      expect(code).toBe(1);
      expect(user.read("cluster.tfstate")).toBe(state);
    });

    test.each([
      [["kubeconfig", "--role", "vieww"], "--role vieww: one of view, edit, cluster-admin, admin."],
      [
        ["talosconfig", "--role", "root"],
        "--role root: one of reader, operator, etcd-backup, admin.",
      ],
      [["kubeconfig", "--ttl", "2y"], "--ttl 2y: a time such as 30m, 24h or 7d, at most 365d."],
      [["talosconfig", "--ttl", "366d"], "--ttl 366d: a time such as"],
      [["kubeconfig", "--user", "a, O=system:masters"], "--user a, O=system:masters: letters,"],
      [["kubeconfig", "--output", "kubeconfig.simulated"], "is the administrator's"],
    ])("are refused: %j", async (args, message) => {
      const before = user.read("kubeconfig.simulated");
      const { code, errors } = await user.openaether(...args);
      expect(errors).toContain(message);
      expect(code).toBe(1);
      expect(user.read("kubeconfig.simulated")).toBe(before);
    });
  });
});

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: Readonly<Record<"certificate-authority-data", string>>;
  }[];
  readonly users: readonly {
    readonly user: Readonly<Record<"client-certificate-data", string>>;
  }[];
}

interface Talosconfig {
  readonly context: string;
  readonly contexts: Readonly<Record<string, { readonly crt: string; readonly ca: string }>>;
}
