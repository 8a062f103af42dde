import { X509Certificate } from "node:crypto";

import { beforeAll, expect, test } from "@jest/globals";

import { keyFromPem } from "../../pki/keys";
import { isUnknown, type Values } from "../../protocol/model";
import { fromBase64, objectOf, stringOf } from "../../talos/values";
import { applyContext, createSecrets, createWorld, planOf, providerOf } from "./fixtures";

const TYPE = "talos_machine_secrets";
const world = createWorld();
let state: Values;

beforeAll(async () => {
  state = await createSecrets(world);
});

function certificate(name: string): X509Certificate {
  const certs = objectOf(objectOf(state.machine_secrets).certs);
  return new X509Certificate(fromBase64(stringOf(objectOf(certs[name]).cert)));
}

test("identifiers and tokens of a cluster have Talos's formats", () => {
  const secrets = objectOf(state.machine_secrets);
  expect(objectOf(secrets.cluster)).toEqual({
    id: expect.stringMatching(/^[\w-]{43}=$/),
    secret: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
  });
  expect(objectOf(secrets.trustdinfo).token).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
  expect(objectOf(secrets.secrets).bootstrap_token).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
  expect(objectOf(secrets.secrets).aescbc_encryption_secret).toBeNull();
});

test.each([
  ["os", "ed25519", "BEGIN ED25519 PRIVATE KEY"],
  ["k8s", "ec", "BEGIN EC PRIVATE KEY"],
  ["etcd", "ec", "BEGIN EC PRIVATE KEY"],
  ["k8s_aggregator", "ec", "BEGIN EC PRIVATE KEY"],
])("the CA %s has a key of its kind under Talos's header", (name, kind, header) => {
  const certs = objectOf(objectOf(state.machine_secrets).certs);
  const key = fromBase64(stringOf(objectOf(certs[name]).key));
  expect(key).toContain(header);
  expect(keyFromPem(key).asymmetricKeyType).toBe(kind);
  expect(certificate(name).checkPrivateKey(keyFromPem(key))).toBe(true);
});

test("every CA is valid for ten years and says that it is simulated", () => {
  for (const name of ["os", "k8s", "etcd", "k8s_aggregator"]) {
    const { subject, validFrom, validTo } = certificate(name);
    expect(subject).toContain("SIMULATED");
    expect(new Date(validTo).getFullYear() - new Date(validFrom).getFullYear()).toBe(10);
  }
});

test("the client certificate is an administrator's, for a year, signed by the OS CA", () => {
  const pem = fromBase64(stringOf(objectOf(state.client_configuration).client_certificate));
  const client = new X509Certificate(pem);
  expect(client.subject).toContain("O=os:admin");
  expect(client.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  expect(client.verify(certificate("os").publicKey)).toBe(true);
});

test("everything but the version is known after apply in the plan of new machine secrets", () => {
  const { planned } = planOf(world, TYPE, null, {});
  expect(planned.talos_version).toBe("v1.13");
  expect(isUnknown(planned.machine_secrets)).toBe(true);
  expect(isUnknown(planned.client_configuration)).toBe(true);
});

test("machine secrets do not change while nothing is due", () => {
  const { planned, requiresReplace } = planOf(world, TYPE, state, { talos_version: "v1.13" });
  expect(planned).toEqual(state);
  expect(requiresReplace).toEqual([]);
});

test("raising the version makes all machine secrets unknown though they stay", async () => {
  const older = { ...state, talos_version: "v1.12.6" };
  const { planned, requiresReplace } = planOf(world, TYPE, older, { talos_version: "v1.13.0" });
  expect(isUnknown(planned.machine_secrets)).toBe(true);
  expect(isUnknown(planned.client_configuration)).toBe(true);
  expect(requiresReplace).toEqual([]);

  const model = providerOf(world).resources[TYPE]!;
  const updated = await model.update!(older, planned, applyContext(world));
  expect(updated).toEqual({ ...state, talos_version: "v1.13.0" });
});

test("lowering the version replaces the whole PKI", () => {
  const { requiresReplace } = planOf(world, TYPE, state, { talos_version: "v1.12" });
  expect(requiresReplace).toEqual([["talos_version"]]);
});

test("the client certificate is renewed in its last month, the machine secrets stay", async () => {
  const later = createWorld();
  later.clock.advanceDays(340);
  const { planned } = planOf(later, TYPE, state, { talos_version: "v1.13" });
  expect(planned.machine_secrets).toEqual(state.machine_secrets);
  expect(isUnknown(objectOf(planned.client_configuration).client_certificate)).toBe(true);

  const model = providerOf(later).resources[TYPE]!;
  const updated = await model.update!(state, planned, applyContext(later));
  expect(updated.machine_secrets).toEqual(state.machine_secrets);
  expect(updated.client_configuration).not.toEqual(state.client_configuration);
  expect(planOf(later, TYPE, updated, { talos_version: "v1.13" }).planned).toEqual(updated);
});

test.each(["v1", "latest", "1.12-alpha"])(
  "the version %s of machine secrets is refused",
  (version) => {
    const [diagnostic] = providerOf(world).resources[TYPE]!.validate!({ talos_version: version });
    expect(diagnostic).toMatchObject({ severity: "error", summary: "Invalid version" });
  },
);

test.each(["v1.12", "1.12.6", "v0.14", "v1.99"])(
  "the version %s of machine secrets is accepted",
  (version) => {
    expect(providerOf(world).resources[TYPE]!.validate!({ talos_version: version })).toEqual([]);
  },
);
