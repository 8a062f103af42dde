import { describe, expect, test } from "@jest/globals";
import { available, type Json, publicKey, synthesized, values } from "../../support/input";

const boot = (nodes: object = {}, changes: object = {}) => {
  const stack = synthesized(values(nodes, changes));
  const document: Json = stack.json.locals.bastion_cloud_init;
  const sshd: string = document.write_files[0].content;
  return {
    stack,
    document,
    sshd: sshd.split("\n"),
    targets: (/^PermitOpen (.*)$/m.exec(sshd)?.[1] ?? "").split(" "),
    trigger: stack.at("terraform_data.bastion_boot").triggers_replace,
  };
};

describe("the bastion's first boot", () => {
  test("accepts only ubuntu with the keys of the input", () => {
    const { document, sshd } = boot({}, { bastion_ssh_keys: { scaleway: [publicKey] } });
    expect(document).toMatchObject({ disable_root: true, ssh_pwauth: false });
    expect(document.users).toHaveLength(1);
    expect(document.users[0]).toMatchObject({ name: "ubuntu", ssh_authorized_keys: [publicKey] });
    expect(sshd).toEqual(
      expect.arrayContaining([
        "AllowUsers ubuntu@!172.16.4.0/22,0.0.0.0/0",
        "PermitRootLogin no",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
      ]),
    );
  });

  test("refuses logins from the cluster's own network", () => {
    expect(boot({}, { network_cidr: "172.20.0.0/20" }).sshd).toContain(
      "AllowUsers ubuntu@!172.20.0.0/20,0.0.0.0/0",
    );
  });

  test("has a host key that was created before it, so that known_hosts can pin it", () => {
    const { document, stack } = boot();
    const host = "${trimspace(tls_private_key.bastion_boot.public_key_openssh)}";
    expect(document.ssh_deletekeys).toBe(true);
    expect(document.ssh_keys).toEqual({
      ed25519_private: "${tls_private_key.bastion_boot.private_key_openssh}",
      ed25519_public: host,
    });
    expect(stack.at("local_file.known_hosts").content).toBe(
      `\${scaleway_instance_ip.bastion.address} ${host}\n`,
    );
  });

  test("generates a host key only of the pinned type", () => {
    expect(boot().stack.at("tls_private_key.bastion_boot").algorithm).toBe("ED25519");
  });

  test("reloads networkd and sshd after it has written their files", () => {
    const commands: string[] = boot().document.runcmd;
    expect(commands).toContain("networkctl reload");
    expect(commands.at(-1)).toBe("systemctl try-reload-or-restart ssh");
  });

  test("keeps the comment of a key unchanged", () => {
    const key = `${publicKey} \${file("/etc/passwd")} & <co>`;
    const { document } = boot({}, { bastion_ssh_keys: { scaleway: key } });
    expect(document.users[0].ssh_authorized_keys[0]).toContain('$${file("/etc/passwd")} & <co>');
  });
});

describe("forwarding through the bastion", () => {
  test("reaches Talos on every node and Kubernetes on control planes, and nothing else", () => {
    const { targets, sshd } = boot({ ...available });
    expect(targets).toEqual(
      expect.arrayContaining(["172.16.4.4:50000", "172.16.4.6:6443", "172.16.5.5:50000"]),
    );
    expect(new Set(targets.map((target) => target.split(":")[1]))).toEqual(
      new Set(["50000", "6443"]),
    );
    expect(targets).not.toContain("172.16.5.4:6443");
    expect(sshd).toEqual(
      expect.arrayContaining([
        "AllowTcpForwarding local",
        "AllowAgentForwarding no",
        "AllowStreamLocalForwarding no",
        "GatewayPorts no",
        "PermitTunnel no",
      ]),
    );
  });

  test("does not change when a node is added, so that the bastion stays", () => {
    const [before, after] = [boot({ workers: 1 }), boot({ control_planes: 3, workers: 2 })];
    expect(after.targets).toEqual(before.targets);
    expect(after.trigger).toEqual(before.trigger);
  });

  test("grows in steps where there are many nodes", () => {
    const { targets } = boot({ workers: 33 });
    expect(targets).toContain("172.16.5.36:50000");
    expect(targets).toHaveLength(7 * 2 + 64);
  });
});

describe("the bastion is replaced when its first boot changes:", () => {
  test("with another key of a user", () => {
    const other = publicKey.replace("me@desk", "you@desk");
    const changed = boot({}, { bastion_ssh_keys: { scaleway: other } });
    expect(changed.trigger.cloud_init_sha256).not.toBe(boot().trigger.cloud_init_sha256);
    expect(
      changed.stack.at("scaleway_instance_server.bastion").lifecycle.replace_triggered_by,
    ).toEqual(["terraform_data.bastion_boot.id"]);
  });

  test("with another host key", () => {
    expect(boot().trigger.host_key).toBe(
      "${trimspace(tls_private_key.bastion_boot.public_key_openssh)}",
    );
  });

  test("but not with another address in admin_ip", () => {
    expect(boot({}, { admin_ip: "198.51.100.1" }).trigger).toEqual(boot().trigger);
  });
});
