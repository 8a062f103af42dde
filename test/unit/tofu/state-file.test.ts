import { expect, test } from "@jest/globals";
import { truncatedState, readStateFile } from "../../../src/tofu/state-file";
import { temporaryDirectory } from "../../support/input";

const state = {
  version: 4,
  outputs: { cluster_endpoint: { value: "192.0.2.1", type: "string" } },
  resources: [
    { mode: "data", type: "cloud_image", name: "nodes", instances: [{}] },
    {
      mode: "managed",
      type: "cloud_vm",
      name: "worker_0",
      instances: [{ status: "tainted", attributes: { id: "a" } }],
    },
    { mode: "managed", type: "cloud_vm", name: "worker_1", instances: [{}] },
    { mode: "managed", type: "cloud_vm", name: "worker_2", instances: [] },
  ],
};
const read = (text: string) => readStateFile(temporaryDirectory({ "cluster.tfstate": text }));

test("a plain state is read without tofu: resources, incomplete ones among them, and data sources", () => {
  expect(read(JSON.stringify(state))).toEqual({
    outputs: state.outputs,
    data: [{ address: "data.cloud_image.nodes", values: {} }],
    resources: [
      { address: "cloud_vm.worker_0", tainted: true, values: { id: "a" } },
      { address: "cloud_vm.worker_1", tainted: false, values: {} },
    ],
  });
});

test.each([
  ["no file", undefined],
  ["an empty one", ""],
  ["half a file", JSON.stringify(state).slice(0, 40)],
  ["an encrypted one", JSON.stringify({ encrypted_data: "AAAA", encryption_version: "v0" })],
  ["a form to come", JSON.stringify({ ...state, version: 5 })],
])("%s never counts as a state without resources", (_name, text) => {
  expect(text === undefined ? readStateFile(temporaryDirectory()) : read(text)).toBeUndefined();
});

test.each(["", '{"encrypted_da'])(
  "a truncated state beside an encrypted backup is no empty state: %j",
  (text) => {
    const backup = JSON.stringify({ encrypted_data: "AAAA", encryption_version: "v0" });
    const home = temporaryDirectory({ "cluster.tfstate": text, "cluster.tfstate.backup": backup });
    expect(truncatedState(home)).toMatchObject({
      isEmpty: text === "",
      backup: { resources: undefined },
    });
  },
);
