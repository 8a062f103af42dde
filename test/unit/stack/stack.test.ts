import { describe, expect, it, test } from "@jest/globals";
import {
  available,
  type Json,
  publicKey,
  type Stack,
  synthesized,
  values,
} from "../../support/input";

const single = synthesized(values());
const several = synthesized(values(available));

test("the stack of a single node equals its snapshot", () => {
  // The immutable settings are tested below.
  const brief = (key: string, value: unknown) => (key === "postcondition" ? undefined : value);
  const facts = single.addresses.flatMap((address) => [
    address,
    ...Object.entries(single.at(address)).map(
      ([name, value]) => `  ${name} ${JSON.stringify(value, brief)}`,
    ),
  ]);
  expect(`\n${facts.join("\n")}\n`).toMatchSnapshot();
});

describe("resources of the stack", () => {
  test("have the addresses that users know", () => {
    expect(several.addresses).toEqual(
      expect.arrayContaining([
        "local_sensitive_file.kubeconfig",
        "null_resource.tunnel",
        "scaleway_instance_server.bastion",
        "scaleway_instance_server.control_plane_2",
        "scaleway_instance_server.worker_1",
        "scaleway_lb.api",
        "scaleway_vpc_public_gateway.gateway",
        "talos_machine_bootstrap.bootstrap",
      ]),
    );
  });

  test("of one node are added and removed without a change of another's", () => {
    const more = synthesized(values({ ...available, workers: 3 }));
    const added = more.addresses.filter((address) => !several.addresses.includes(address));
    expect(added).toEqual([
      "scaleway_instance_private_nic.worker_2",
      "scaleway_instance_server.worker_2",
      "scaleway_ipam_ip.worker_2",
      "talos_machine_configuration.worker_2",
    ]);
    const changed = several.addresses.filter(
      (address) => JSON.stringify(more.at(address)) !== JSON.stringify(several.at(address)),
    );
    expect(changed).toEqual(["null_resource.tunnel", "talos_client_configuration.talos_config"]);
  });
});

describe("what the stack requires of tofu", () => {
  test("is an exact release of each provider, and a recent OpenTofu", () => {
    const { required_providers, required_version } = single.json.terraform;
    const pinned = Object.entries(required_providers as Record<string, { version: string }>);
    expect(Object.fromEntries(pinned.map(([name, { version }]) => [name, version]))).toEqual({
      local: "2.6.1",
      null: "3.2.4",
      scaleway: "2.80.0",
      talos: "0.11.0",
      tls: "4.1.0",
    });
    expect(required_version).toBe(">= 1.11.0");
  });

  test("is to keep the state beside tofu.tfvars, by a relative path", () => {
    expect(single.json.terraform.backend).toEqual({ local: { path: "../../../cluster.tfstate" } });
  });
});

describe("the immutable settings of a cluster", () => {
  const { input, lifecycle } = several.at("terraform_data.immutable_settings") as {
    input: Record<string, string>;
    lifecycle: {
      ignore_changes: string[];
      precondition: object[];
      postcondition: { condition: string; error_message: string }[];
    };
  };

  test("keep their resource in a cluster that has it by its former name", () => {
    expect(several.json["moved"]).toEqual([
      { from: "terraform_data.for_life", to: "terraform_data.immutable_settings" },
    ]);
  });

  test("are recorded once", () => {
    expect(input).toEqual({
      cluster_name: "demo",
      cloud: "scaleway",
      network_cidr: "172.16.4.0/22",
      region: "fr-par",
      zone: "fr-par-1",
      disk_encryption: "node_id",
      pod_cidr: "10.244.0.0/16",
      service_cidr: "10.96.0.0/12",
      cluster_domain: "cluster.local",
      cni: "flannel",
    });
    expect(lifecycle.ignore_changes).toEqual(["input"]);
  });

  test("are compared by every plan, whose message says what to do", () => {
    const conditions: string[] = lifecycle.postcondition.map(
      ({ condition }: { condition: string }) => condition,
    );
    expect(conditions.sort()).toEqual(
      Object.entries(input)
        .map(([name, value]) => {
          const isOlder = ["cluster_name", "cloud", "network_cidr", "region", "zone"].includes(
            name,
          );
          const recorded = isOlder ? `self.output.${name}` : `try(self.output.${name}, "${value}")`;
          return `\${${recorded} == "${value}"}`;
        })
        .sort(),
    );
    expect(lifecycle.postcondition[2]?.error_message).toMatch(
      /^network_cidr cannot change: this cluster was created with \$\{self\.output\.network_cidr\}, tofu\.tfvars now says 172\.16\.4\.0\/22\. Restore it, /,
    );
  });

  test("are kept in the default workspace only, whose state is beside the input", () => {
    expect(lifecycle.precondition).toMatchObject([
      { condition: '${terraform.workspace == "default"}' },
    ]);
  });
});

describe("outputs of the stack", () => {
  const outputs = ({ json }: Stack) =>
    json["output"] as Record<string, { value: Json; sensitive?: boolean }>;

  test("are those of the HCL original, by name", () => {
    expect(Object.keys(outputs(single)).sort()).toEqual([
      "bastion_ips",
      "bootstrap_node_ip",
      "cluster_endpoint",
      "instructions",
      "kubeconfig",
      "machine_secrets",
      "outscale_ips",
      "ovh_ips",
      "scaleway_ips",
      "talosconfig",
    ]);
  });

  it.each([["kubeconfig"], ["talosconfig"], ["machine_secrets"]])("hide %s", (name) => {
    expect(outputs(single)[name]?.sensitive).toBe(true);
  });

  test("contain the API's address, or its name, and nothing for other clouds", () => {
    expect(outputs(single).cluster_endpoint?.value).toBe("${scaleway_lb_ip.api.ip_address}");
    const named = synthesized(values({}, { cluster_endpoint: "api.example.org" }));
    expect(outputs(named).cluster_endpoint?.value).toBe("api.example.org");
    expect(outputs(single).ovh_ips?.value).toBe("${null}");
    expect(outputs(single).bastion_ips?.value.scaleway).toBe(
      "${scaleway_instance_ip.bastion.address}",
    );
  });

  test("contain the next commands, with the pinned host key", () => {
    expect(outputs(single).instructions?.value).toContain(
      "ssh -i <key> -L ${var.tunnel_port}:172.16.4.4:50000 ubuntu@${scaleway_instance_ip.bastion.address} -N -o UserKnownHostsFile=known_hosts\n",
    );
  });
});

test("no secret is in the stack except behind a reference", () => {
  expect(single.text).toContain(publicKey);
  expect(single.text).not.toMatch(/-----BEGIN|LS0tLS1/);
});
