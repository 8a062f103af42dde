import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { applyDirectly } from "../../../simulator/apply";
import { withoutSecrets, withoutSecretsIn } from "../../../src/view/secrets";
import { accountFor } from "../../../src/simulated-account";
import { specOf, synthesized, values } from "../../support/input";
import { holdsKey, keysIn } from "../../support/keys";

/** A state file as tofu writes it, and its secrets. */
let state: string;
let keys: string[];
let texts: string[];

beforeAll(async () => {
  const spec = specOf(values());
  const { resources } = await applyDirectly(synthesized(values()).json, "scaleway", {
    account: { ...accountFor(spec), quotas: "unlimited" },
  });
  state = JSON.stringify(
    {
      version: 4,
      terraform_version: "1.12.6",
      serial: 7,
      lineage: "x",
      resources: resources.map(({ mode, type, name, values: attributes }) => ({
        mode,
        type,
        name,
        instances: [{ attributes }],
      })),
    },
    undefined,
    2,
  );
  keys = keysIn(state);
  const strings: string[] = [];
  JSON.parse(state, (_key, value: unknown) => {
    if (typeof value === "string") strings.push(value);
    return value;
  });
  texts = strings.filter((text) => holdsKey(Buffer.from(text), keys));
});

test("the fingerprint of a public key is no secret", () => {
  const line =
    "debug1: Server accepts key: me ED25519 SHA256:Gc0A1xYtQ2m7f3Zk9Lw8Rb6Vn5Js4Hd1Pq0Tu2Xy3Za";
  expect(withoutSecrets(line)).toBe(line);
});

const holds = (text: string) => holdsKey(Buffer.from(text), keys);

describe("a message without secrets", () => {
  test("has none of a state that tofu prints, and keeps the text around it", () => {
    expect(keys.length).toBeGreaterThan(8);
    for (const dump of [state, JSON.stringify(JSON.parse(state))]) {
      const text = withoutSecrets(`Error: no space left\n\n${dump}\n\nrun tofu state push`);
      expect(text).toMatch(/^Error: no space left\n\n\(removed: the state[^]*run tofu state push$/);
      expect(text.length).toBeLessThan(200);
    }
  });

  test("has no key, wherever a state, a machine configuration or user data is truncated", () => {
    // Nothing sends a token alone in base64.
    const forms = (text: string) => (text.length < 100 ? [text] : [text, ...sentAs(text)]);
    const sentAs = (text: string) => [
      Buffer.from(text).toString("base64"),
      (
        Buffer.from(text)
          .toString("base64")
          .match(/.{1,76}/g) ?? []
      ).join("\n"),
      text.replaceAll(/^/gm, "      "),
    ];
    const all = [state, ...texts.flatMap(forms)];
    expect(texts.length).toBeGreaterThan(5);
    fc.assert(
      fc.property(
        fc.nat(all.length - 1),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 100, max: 6000 }),
        (index, from, length) => {
          const text = all[index] ?? "";
          const start = Math.floor(from * text.length);
          const message = `invalid user data: ${text.slice(start, start + length)}… (400)`;
          expect(holds(withoutSecrets(message))).toBe(false);
        },
      ),
      { numRuns: 3000, seed: 20261129 },
    );
  });

  test("keeps what a user needs: addresses, ids, hashes, paths, public SSH keys and the cloud's messages", () => {
    for (const text of [
      "scaleway_lb.api: scaleway-sdk-go: http error 403 Forbidden: insufficient permissions: write lb",
      "ID: fr-par-1/2f0a1a4e-5f5d-4a87-9d3c-0c3c7a5f2d11, h1:zJ9aPjvV2CEUDF/2sCMLxJFWa2zYdzrU8F4VpZrJh1M=",
      "/home/me/clusters/production/eu-west-2/management/cdktf.out/stacks/prod/assets/tunnel/script/tunnel.sh: line 7",
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVm9lBhgjWeILyQe+/vmJ3eg7BnEp2yE3Lh0vbRJCYp me@desk",
      "Authentication failed: the application credential has expired",
      'The argument "token" is required, but no definition was found.',
    ]) {
      expect(withoutSecrets(text)).toBe(text);
    }
  });

  test.each([
    "token: 9x1vsq.bq7yxxc9s6qfk8dd",
    'secret_key = "11111111-1111-1111-1111-111111111111"',
    '{"password":"correct-horse-battery"}',
    "secretboxEncryptionSecret: YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=",
  ])("has no value by a secret's name: %s", (text) => {
    const value = /[\w.+=-]{12,}"?\}?$/.exec(text)?.[0].replaceAll(/["}]/g, "") ?? text;
    expect(withoutSecrets(`error: ${text}`)).not.toContain(value);
  });
});

describe("credentials from the environment", () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test("are removed from a provider's message that repeats them", () => {
    process.env["OS_PASSWORD"] = "hunter2hunter2";
    process.env["TF_ENCRYPTION"] =
      '{"key_provider":{"pbkdf2":{"x":{"passphrase": "open sesame"}}}}';
    const text = "POST {user: me, pass: hunter2hunter2} … open sesame";
    expect(withoutSecrets(text)).toBe(
      "POST {user: me, pass: (removed: a secret)} … (removed: a secret)",
    );
    expect(withoutSecretsIn({ errors: [text] }).errors[0]).not.toContain("hunter2");
  });
});
