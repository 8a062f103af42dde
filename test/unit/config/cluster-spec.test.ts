import { describe, expect, it, test } from "@jest/globals";
import { publicKey, problemsOf, specOf, values } from "../../support/input";

describe("defaults of the input", () => {
  test("fill in everything but access and nodes", () => {
    const spec = specOf({
      admin_ip: "203.0.113.7",
      bastion_ssh_keys: { scaleway: publicKey },
      node_distribution: { scaleway: { control_planes: 1, workers: 0, region: "fr-par" } },
    });
    expect(spec).toMatchObject({
      name: "openaether",
      cloud: "scaleway",
      region: "fr-par",
      zone: "fr-par-1",
      nodeImage: { name: "talos" },
      nodes: [{ name: "control-plane-0", rootVolumeGb: 20 }],
      bastion: { machineType: "DEV1-S", image: "ubuntu_noble" },
    });
    expect(String(spec.talosVersion)).toBe("v1.14.1");
    expect(String(spec.kubernetesVersion)).toBe("v1.37.1");
    expect(String(spec.network)).toBe("172.16.4.0/22");
    expect(spec).not.toHaveProperty("endpointName");
  });

  test("are used for null at every depth", () => {
    const nulls = { region: null, zone: null, instance_type: null, root_volume_gb: null };
    const given = values(nulls, { cluster_name: null, network_cidr: null, cluster_endpoint: null });
    expect(problemsOf(given)).toEqual([]);
    expect(specOf(given)).toMatchObject({ name: "openaether", nodes: [{ rootVolumeGb: 20 }] });
  });
});

describe("cluster_name", () => {
  it.each([["a"], ["prod-2"], ["a".repeat(40)]])("may be %j", (cluster_name) => {
    expect(specOf(values({}, { cluster_name })).name).toBe(cluster_name);
  });

  it.each([["Prod"], ["2prod"], ["prod-"], ["pro_d"], ["prod.eu"], [""], ["a".repeat(41)]])(
    "may not be %j",
    (cluster_name) => {
      expect(problemsOf(values({}, { cluster_name }))).toEqual([
        "error cluster_name: Lower-case letters, digits and hyphens, a letter first, " +
          "no hyphen last, at most 40 characters.",
      ]);
    },
  );
});

describe("cluster_endpoint", () => {
  it.each([
    ["api.example.org", "api.example.org"],
    ["https://API.example.org:6443/", "api.example.org"],
    ["api.example.org:6443", "api.example.org"],
    [" k8s.my-org.xn--p1ai ", "k8s.my-org.xn--p1ai"],
    ["k.example.org", "k.example.org"],
  ])("is a name, or a URL of one: %j", (cluster_endpoint, name) => {
    expect(specOf(values({}, { cluster_endpoint })).endpointName).toBe(name);
  });

  it.each([
    ["203.0.113.7"],
    ["https://203.0.113.7:6443"],
    ["api"],
    ["api.example.org:443"],
    ["http://api.example.org"],
    ["api_1.example.org"],
    ["api.example.org-"],
    ["api.example.org and more"],
    [""],
  ])("is refused otherwise: %j", (cluster_endpoint) => {
    expect(problemsOf(values({}, { cluster_endpoint }))).toEqual([
      'error cluster_endpoint: A DNS name, such as "api.example.org", that you point at the load ' +
        "balancer once it exists. The load balancer's own address needs no line.",
    ]);
  });

  it.each([["openaether.local"], ["https://openaether.local:6443"]])(
    "is refused as the original's placeholder %j",
    (cluster_endpoint) => {
      expect(problemsOf(values({}, { cluster_endpoint }))).toEqual([
        "error cluster_endpoint: Still the original's placeholder. Remove the line, or put your own name here.",
      ]);
    },
  );
});

describe("a variable that does not exist", () => {
  it.each([
    ["adminip", "There is no such variable. Did you mean admin_ip?"],
    ["Cluster_Name", "There is no such variable. Did you mean cluster_name?"],
    ["region", "A setting of a cloud: node_distribution = { scaleway = { region = … } }."],
    ["secret_key", "Credentials belong in the environment, not in a file: export SCW_SECRET_KEY=…"],
    ["accesskey", "Credentials belong in the environment, not in a file."],
    ["backup_s3_bucket", "Backups are not part of this project yet. Remove the line."],
  ])("is refused: %s", (name, text) => {
    expect(problemsOf(values({}, { [name]: "x" }))).toEqual([`error ${name}: ${text}`]);
  });
});

describe("a placeholder of the example", () => {
  test("is refused wherever it is, and nothing else is reported about it", () => {
    expect(
      problemsOf(
        values(
          { zones: ["<a zone>"] },
          { admin_ip: "<your public IPv4 address>", bastion_ssh_keys: { scaleway: ["<key>"] } },
        ),
      ),
    ).toEqual([
      "error admin_ip: Still the example's placeholder.",
      "error bastion_ssh_keys.scaleway[0]: Still the example's placeholder.",
      "error node_distribution.scaleway.zones[0]: Still the example's placeholder.",
    ]);
  });
});

describe("angle brackets in a value", () => {
  const isPlaceholder = (admin_ip: string) =>
    problemsOf(values({}, { admin_ip })).some((text) => text.includes("placeholder"));

  it.each([["<my address>"], [" <my address> "]])(
    "around the whole are a placeholder: %j",
    (text) => {
      expect(isPlaceholder(text)).toBe(true);
    },
  );

  it.each([["mine<home>"], ["<home>mine"]])("around a part are not: %j", (text) => {
    expect(isPlaceholder(text)).toBe(false);
  });
});

describe("the form of a variable", () => {
  it.each<[string, unknown, string]>([
    ["cluster_name", 5, 'Quotes are missing: "5".'],
    ["talos_version", 1.13, 'A full version in quotes, such as "v1.14.1".'],
    ["kubernetes_version", ["v1.37.1"], 'A full version in quotes, such as "v1.37.1".'],
    ["network_cidr", {}, "Expected a quoted string, got an object."],
    ["cluster_endpoint", false, 'Quotes are missing: "false".'],
    ["allow_open_admin", "true", "Remove the quotes: true."],
    ["node_distribution", "scaleway", "An object by cloud: { scaleway = { … } }."],
    ["bastion_ssh_keys", publicKey, 'An object by cloud: { scaleway = "ssh-ed25519 …" }.'],
  ])("is reported where %s has another: %j", (name, given, text) => {
    expect(problemsOf(values({}, { [name]: given }))).toEqual([`error ${name}: ${text}`]);
  });
});

test("every problem of an input is reported at once", () => {
  const given = {
    ...values({ control_planes: 0, workers: -1, zones: ["fr-par-1", "fr-par-9"], subnet: "x" }),
    cluster_name: "X",
    admin_ip: "x",
    talos_version: "1",
    kubernetes_version: "x",
    network_cidr: "x",
    cluster_endpoint: "x",
    bastion_ssh_keys: { scaleway: "x", aws: "x" },
  };
  const paths = problemsOf(given).map((line) => line.split(":")[0]);
  expect(paths.sort()).toEqual([
    "error admin_ip",
    "error bastion_ssh_keys.aws",
    "error bastion_ssh_keys.scaleway",
    "error cluster_endpoint",
    "error cluster_name",
    "error kubernetes_version",
    "error network_cidr",
    "error node_distribution.scaleway.control_planes",
    "error node_distribution.scaleway.subnet",
    "error node_distribution.scaleway.workers",
    "error node_distribution.scaleway.zones[1]",
    "error talos_version",
  ]);
});
