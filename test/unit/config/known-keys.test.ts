import { expect, test } from "@jest/globals";
import { newestContractMinor } from "../../../constructs/model/talos-contract";
import { isKnownKind, isModelled, keysOf } from "../../../simulator/talos/configuration/keys";
import { type Form, mainKind, minorsWith, TalosKeys } from "../../../src/config/patches/keys";
import { knownMinors } from "../../../src/config/patches/known-keys";

const { oldest } = knownMinors;
const minors = Array.from(
  { length: newestContractMinor - oldest + 1 },
  (_, index) => oldest + index,
);

test.each(minors)("a rehearsal knows what patches may have: Talos 1.%i", (minor) => {
  const keys = new TalosKeys(minor);
  const unknown: string[] = [];
  const compare = (structure: string, simulated: string, path: string) => {
    const known = keysOf(simulated, minor);
    for (const key of keys.keys(structure)) {
      const found = known.find(({ name }) => name === key);
      if (found === undefined) unknown.push(`${path}.${key}`);
      else if (found.of !== undefined) {
        const inner = innermost(keys.formOf(structure, key));
        if (inner?.is === "structure") compare(inner.name, found.of, `${path}.${key}`);
      }
    }
  };
  compare(keys.structureOf(mainKind) ?? "", "Config", mainKind);
  for (const kind of keys.kinds) {
    if (!isKnownKind(kind, minor)) unknown.push(kind);
    else if (isModelled(kind)) compare(keys.structureOf(kind) ?? "", kind, kind);
  }
  expect(unknown.filter((path) => !/^[A-Z]\w+\.name$/.test(path))).toEqual([]);
});

function innermost(form: Form | undefined): Form | undefined {
  return form?.is === "list" || form?.is === "map" ? innermost(form.of) : form;
}

test("a kind that came later, and a form that changed, are known by their minor", () => {
  expect(minorsWith(undefined, "TimeSyncConfig")).toEqual({ first: 12, last: Infinity });
  expect(new TalosKeys(11).structureOf("TimeSyncConfig")).toBeUndefined();
  expect(new TalosKeys(12).formOf("KubeletConfig", "extraArgs")).toEqual({
    is: "map",
    of: { is: "text" },
  });
  expect(new TalosKeys(13).formOf("KubeletConfig", "extraArgs")).toEqual({
    is: "map",
    of: { is: "anything" },
  });
});
