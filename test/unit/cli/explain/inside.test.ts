import { expect, test } from "@jest/globals";
import { insideLines, insideOf } from "../../../../src/cli/explain/inside";
import { specOf, values } from "../../../support/input";

test("explain says what is inside the nodes", () => {
  const spec = specOf(
    values(
      { workers: 5 },
      {
        extensions: ["siderolabs/util-linux-tools", "siderolabs/iscsi-tools"],
        disk_encryption: "static",
        node_labels: { workers: { "example.org/tier": "general" } },
        node_taints: {
          "worker-1": { "example.org/dedicated": "builds:NoSchedule", bare: "NoExecute" },
        },
      },
    ),
  );
  expect(insideLines(insideOf(spec)).slice(0, 5)).toEqual([
    "nodes             Talos v1.14.1, Kubernetes v1.37.1",
    "image             schematic 613e1592…, with siderolabs/iscsi-tools, siderolabs/util-linux-tools",
    "disks             encrypted, by the machine's identity and a passphrase from the state",
    "labels            worker-0, worker-1, worker-2 and 2 more: example.org/tier=general",
    "taints            worker-1: bare:NoExecute, example.org/dedicated=builds:NoSchedule",
  ]);
});
