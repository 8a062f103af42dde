import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ciliumManifest, namespaceManifest } from "../support/manifests";
import { type Given, lines, type Row } from "./table";

/** The valid file with this list, and files beside it. */
function manifests(list: string, files: Readonly<Record<string, string | Buffer>> = {}): Given {
  return beside(lines(`manifests = ${list}`), files);
}

function cilium(content: string | Buffer): Given {
  return beside(lines('cni = "cilium"', 'cilium_manifest = "cilium.yaml"'), {
    "cilium.yaml": content,
  });
}

function beside(given: Given, files: Readonly<Record<string, string | Buffer>>): Given {
  return {
    ...given,
    into: (directory) => {
      given.into(directory);
      for (const [name, content] of Object.entries(files)) {
        writeFileSync(join(directory, name), content);
      }
    },
  };
}

/** The valid file with a manifest "m.yaml", which this writes. */
function written(write: (file: string) => void): Given {
  const given = manifests('["m.yaml"]');
  return {
    ...given,
    into: (directory) => {
      given.into(directory);
      write(join(directory, "m.yaml"));
    },
  };
}

const first = "tofu.tfvars:15  manifests[0] = ";

export const manifestFiles: readonly Row[] = [
  [
    "a manifest that does not exist",
    manifests('["./flus.yaml"]', { "flux.yaml": namespaceManifest }),
    `${first}"./flus.yaml"`,
    "There is no such file beside tofu.tfvars. Did you mean flux.yaml?",
  ],
  [
    "the second of two that does not exist",
    manifests('["a.yaml",\n"b.yaml"]', { "a.yaml": namespaceManifest }),
    'tofu.tfvars:16  manifests[1] = "b.yaml"',
    "There is no such file beside tofu.tfvars. Did you mean a.yaml?",
  ],
  [
    "a directory",
    written((file) => {
      mkdirSync(file);
    }),
    `${first}"m.yaml"`,
    "The file cannot be read: it is a directory.",
  ],
  [
    "a pipe",
    written((file) => {
      execFileSync("mkfifo", [file]);
    }),
    `${first}"m.yaml"`,
    "The file cannot be read: it is a pipe or a device, not a file.",
  ],
  ["an empty name", manifests('[""]'), `${first}""`, "Empty. Name a file, or remove the entry."],
  [
    "an absolute path",
    manifests('["/etc/hosts"]'),
    `${first}"/etc/hosts"`,
    "A path relative to tofu.tfvars belongs here: others have the file elsewhere.",
  ],
  [
    "an empty file",
    manifests('["m.yaml"]', { "m.yaml": "" }),
    `${first}"m.yaml"`,
    "No Kubernetes object is in it.",
  ],
  [
    "a binary file",
    manifests('["m.yaml"]', { "m.yaml": Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0xff]) }),
    `${first}"m.yaml"`,
    "The file cannot be read: it is no text in UTF-8. Is it the right file?",
  ],
  [
    "a file of 2 MB",
    manifests('["m.yaml"]', { "m.yaml": "#".repeat(2 * 2 ** 20) }),
    `${first}"m.yaml"`,
    "The file cannot be read: it has 2.0 MiB, and a manifest some hundred kilobytes. Is it the right file?",
  ],
  [
    "a file that is no YAML",
    manifests('["m.yaml"]', { "m.yaml": 'a: "b\n' }),
    `${first}"m.yaml"`,
    "Line 2, column 1: this is no YAML (missing char).",
  ],
  [
    "YAML that is no Kubernetes object",
    manifests('["m.yaml"]', { "m.yaml": `${namespaceManifest}---\nreplicas: 3\n` }),
    `${first}"m.yaml"`,
    "Line 6: an object without apiVersion and kind.",
  ],
  [
    "the same file twice",
    manifests('["m.yaml", "m.yaml"]', { "m.yaml": namespaceManifest }),
    'tofu.tfvars:15  manifests[1] = "m.yaml"',
    "The same as entry 1. Keep one of them.",
  ],
  [
    "a Secret in a manifest",
    manifests('["m.yaml"]', {
      "m.yaml":
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: git\nstringData:\n  token: hunter2\n",
    }),
    `${first}"m.yaml"`,
    "It holds the Secret git, which would be readable in cdk.tf.json, the plan, the state and the machines' user data. Create it once the cluster answers, or accept that: allow_manifest_secrets = true.",
  ],
  [
    "a Cilium of the chart's own values",
    cilium(
      ciliumManifest({ settings: { ipam: "cluster-pool", "kube-proxy-replacement": "false" } }),
    ),
    'tofu.tfvars:16  cilium_manifest = "cilium.yaml"',
    "Cilium needs --set ipam.mode=kubernetes on Talos: pod_cidr would not apply.",
    'tofu.tfvars:16  cilium_manifest = "cilium.yaml"',
    "Cilium needs --set kubeProxyReplacement=true on Talos: kube-proxy is off.",
  ],
  [
    "the chart's values in place of what they render",
    cilium("kubeProxyReplacement: true\n"),
    'tofu.tfvars:16  cilium_manifest = "cilium.yaml"',
    "Line 1: an object without apiVersion and kind.",
  ],
  [
    "a Cilium without cni",
    beside(lines('cilium_manifest = "cilium.yaml"'), { "cilium.yaml": ciliumManifest() }),
    'tofu.tfvars:15  cilium_manifest = "cilium.yaml"',
    'Only with cni = "cilium". Set it, or remove this line.',
  ],
];
