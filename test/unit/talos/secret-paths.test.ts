import { expect, test } from "@jest/globals";
import { type Form, mainKind, TalosKeys } from "../../../src/config/patches/keys";
import { isSecretValue } from "../../../src/talos/secret-paths";

/** Keys of Talos's own structures whose names suggest a secret, content of the user's, or an environment. */
const suspicious =
  /secret|token|passw|passphrase|private|preshared|credential|^auth$|^key$|contents?$|^env|headers$|^variables$/i;

/** The paths in a document that have such a key, up to it. */
function* suspiciousPaths(
  keys: TalosKeys,
  form: Form,
  path: readonly string[],
  seen: readonly string[] = [],
): Generator<readonly string[]> {
  if (suspicious.test(path.at(-1) ?? "")) yield path;
  else if (form.is === "list") yield* suspiciousPaths(keys, form.of, [...path, "[0]"], seen);
  else if (form.is === "map") yield* suspiciousPaths(keys, form.of, [...path, "any"], seen);
  else if (form.is === "structure" && !seen.includes(form.name)) {
    for (const key of keys.keys(form.name)) {
      const next = keys.formOf(form.name, key);
      if (next !== undefined) {
        yield* suspiciousPaths(keys, next, [...path, key], [...seen, form.name]);
      }
    }
  }
}

test.each([9, 10, 11, 12, 13, 14])(
  "every setting of Talos 1.%i that is named like a secret is one",
  (minor) => {
    const keys = new TalosKeys(minor);
    const shown: string[] = [];
    let count = 0;
    for (const kind of [mainKind, ...keys.kinds]) {
      const name = keys.structureOf(kind);
      if (name === undefined) continue;
      for (const path of suspiciousPaths(keys, { is: "structure", name }, [])) {
        count++;
        if (!isSecretValue(kind, path, "x")) shown.push(`${kind}: ${path.join(".")}`);
      }
    }
    expect(count).toBeGreaterThan(15);
    expect(shown).toEqual([]);
  },
);
