import { expect, test } from "@jest/globals";
import { schematicId, schematicOf } from "../../../constructs/model/schematic";

/** Ids that the Image Factory has given, as they stand in its documentation and in those of its users. */
test.each([
  ["376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba", []],
  [
    "ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515",
    ["siderolabs/qemu-guest-agent"],
  ],
  [
    "613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245",
    ["siderolabs/iscsi-tools", "siderolabs/util-linux-tools"],
  ],
  [
    "88d1f7a5c4f1d3aba7df787c448c1d3d008ed29cfb34af53fa0df4336a56040b",
    ["siderolabs/iscsi-tools", "siderolabs/qemu-guest-agent", "siderolabs/util-linux-tools"],
  ],
])("the schematic %s has the extensions %j", (id, extensions) => {
  expect(schematicId({ extensions })).toBe(id);
});

test("a schematic has kernel arguments before extensions", () => {
  const spec = { extensions: ["siderolabs/gvisor"], kernelArgs: ["vga=791", "-console"] };
  expect(schematicOf(spec)).toBe(`customization:
    extraKernelArgs:
        - vga=791
        - -console
    systemExtensions:
        officialExtensions:
            - siderolabs/gvisor
`);
});
