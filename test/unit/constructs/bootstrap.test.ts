import { describe, expect, it, test } from "@jest/globals";
import { available, synthesized, values } from "../../support/input";

const alone = synthesized(values());
const several = synthesized(values(available));

describe("the tunnel step", () => {
  test("waits for every node, the bastion, the load balancer and the pinned host key", () => {
    const waitsFor: string[] = several.at("null_resource.tunnel")["depends_on"];
    expect(waitsFor.sort()).toEqual([
      "local_file.known_hosts",
      "scaleway_instance_private_nic.bastion",
      "scaleway_instance_private_nic.control_plane_0",
      "scaleway_instance_private_nic.control_plane_1",
      "scaleway_instance_private_nic.control_plane_2",
      "scaleway_instance_private_nic.worker_0",
      "scaleway_instance_private_nic.worker_1",
      "scaleway_lb_frontend.api",
    ]);
  });

  test("runs the script beside the configuration, with all arguments", () => {
    const [provisioner] = alone.at("null_resource.tunnel").provisioner;
    expect(provisioner["local-exec"]).toEqual({
      command: 'bash "${path.module}/assets/tunnel/script/tunnel.sh" open',
      environment: {
        TUNNEL_DIRECTORY: ".tunnel-demo",
        TUNNEL_PORT: "${var.tunnel_port}",
        TARGET: "172.16.4.4:50000",
        BASTION: "ubuntu@${scaleway_instance_ip.bastion.address}",
        HOST_KEY: "${trimspace(tls_private_key.bastion_boot.public_key_openssh)}",
        TALOS_CA:
          "${base64decode(talos_machine_secrets.talos_config.client_configuration.ca_certificate)}",
        FROM: "${path.cwd}",
        KEYS: "bastion_ssh_keys.scaleway (SHA256:RZSPOPoJnPagSZOGWuGS9yJbU/c+oKog2hk9sOzKrE4)",
        KNOWN_HOSTS: "${local_file.known_hosts.filename}",
        STACK: "cdktf.out/stacks/demo",
        VAR_FILE: "tofu.tfvars",
      },
    });
  });
});

describe("etcd's bootstrap", () => {
  const bootstrap = "talos_machine_bootstrap.bootstrap";

  test("runs on control plane 0, through the tunnel, after the tunnel step, within minutes", () => {
    expect(several.at(bootstrap)).toMatchObject({
      node: "172.16.4.4",
      endpoint: "127.0.0.1:${var.tunnel_port}",
      depends_on: ["null_resource.tunnel"],
      timeouts: { create: "5m" },
    });
  });

  test("runs once: renewed certificates and another local port do not repeat it", () => {
    expect(several.at(bootstrap).lifecycle).toEqual({
      ignore_changes: ["client_configuration", "endpoint"],
    });
  });

  test("runs again with a replacement of the only control plane, tunnel and all", () => {
    const server = ["scaleway_instance_server.control_plane_0.id"];
    expect(alone.at(bootstrap).lifecycle.replace_triggered_by).toEqual(server);
    expect(alone.at("null_resource.tunnel").lifecycle.replace_triggered_by).toEqual(server);
    expect(several.at("null_resource.tunnel").lifecycle).toEqual({});
  });
});

describe("the kubeconfig", () => {
  const kubeconfig = "talos_cluster_kubeconfig.bootstrap";

  test("is fetched after the bootstrap and never updated in place", () => {
    expect(alone.at(kubeconfig)).toMatchObject({
      node: "172.16.4.4",
      depends_on: ["talos_machine_bootstrap.bootstrap"],
      certificate_renewal_duration: "-876000h",
      timeouts: { create: "5m" },
      lifecycle: { ignore_changes: ["client_configuration", "endpoint"] },
    });
  });

  test("names the load balancer's address, or the name that stands for it", () => {
    const content = (stack: typeof alone) => stack.at("local_sensitive_file.kubeconfig").content;
    expect(content(alone)).toContain('"server" = "https://${scaleway_lb_ip.api.ip_address}:6443"');
    const named = synthesized(values({}, { cluster_endpoint: "api.example.org" }));
    expect(content(named)).toContain('"server" = "https://api.example.org:6443"');
  });

  test("takes only a certificate and a key from a node's answer", () => {
    const taken = JSON.stringify(alone).match(/talos_cluster_kubeconfig\.bootstrap\.[\w.]+/g) ?? [];
    expect([...new Set(taken)].sort()).toEqual([
      "talos_cluster_kubeconfig.bootstrap.id",
      "talos_cluster_kubeconfig.bootstrap.kubernetes_client_configuration.client_certificate",
      "talos_cluster_kubeconfig.bootstrap.kubernetes_client_configuration.client_key",
    ]);
  });
});

describe("a file that is written for the user", () => {
  it.each([["kubeconfig"], ["talosconfig"]])("is readable by its owner only: %s", (name) => {
    expect(alone.at(`local_sensitive_file.${name}`)).toMatchObject({
      filename: `../../../${name}`,
      file_permission: "0600",
      directory_permission: "0700",
    });
  });
});
