import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { generateKey } from "../pki/generated-key";
import type { ProviderModel, Values } from "../protocol/model";
import { opensshPrivateKey, sshPublicKey } from "./openssh-key";
import { pinnedSchema } from "../pinned-schema";
import { oneOf, text } from "./strings";

const CURVES: Readonly<Record<string, string>> = {
  P224: "secp224r1",
  P256: "prime256v1",
  P384: "secp384r1",
  P521: "secp521r1",
};

/** hashicorp/tls: private keys. They are real ones, as SSH uses them. */
export function createTls(): ProviderModel {
  return {
    source: "hashicorp/tls",
    schema: pinnedSchema("tls"),
    legacyTypeSystem: false,
    resources: {
      tls_private_key: {
        replacedBy: ["algorithm", "rsa_bits", "ecdsa_curve"],
        // Planned for every algorithm, as the provider does.
        defaults: { rsa_bits: 2048, ecdsa_curve: "P224" },
        validate: (config) => [
          ...oneOf("algorithm", config.algorithm, ["ECDSA", "ED25519", "RSA"]),
          ...oneOf("ecdsa_curve", config.ecdsa_curve, Object.keys(CURVES)),
        ],
        create: async (planned) => ({ ...planned, ...describeKey(await makeKey(planned)) }),
        read: (state) => state,
        delete: () => undefined,
      },
    },
    dataSources: {},
  };
}

function makeKey({ algorithm, rsa_bits, ecdsa_curve }: Values): Promise<KeyObject> {
  if (algorithm === "RSA") return generateKey({ type: "rsa", bits: Number(rsa_bits) });
  if (algorithm === "ED25519") return generateKey({ type: "ed25519" });
  return generateKey({ type: "ec", namedCurve: CURVES[text(ecdsa_curve)] ?? "" });
}

/** Everything that the provider computes from a key; no SSH forms for a curve that SSH does not have. */
function describeKey(key: KeyObject): Values {
  const publicKey = createPublicKey(key);
  const pkcs8 = key.export({ type: "pkcs8", format: "pem" }).toString();
  const wire = sshPublicKey(key);
  const name = wire?.subarray(4, 4 + wire.readUInt32BE(0)).toString();
  const base64 = wire?.toString("base64");
  const sha256 = wire && createHash("sha256").update(wire).digest("base64").replace(/=+$/, "");
  const md5 = wire && createHash("md5").update(wire).digest("hex");
  return {
    id: createHash("sha1")
      .update(publicKey.export({ type: "spki", format: "der" }))
      .digest("hex"),
    private_key_pem: traditionalPem(key) ?? pkcs8,
    private_key_pem_pkcs8: pkcs8,
    private_key_openssh: opensshPrivateKey(key) ?? "",
    public_key_pem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    public_key_openssh: wire ? `${name} ${base64}\n` : "",
    public_key_fingerprint_md5: md5?.match(/../g)?.join(":") ?? "",
    public_key_fingerprint_sha256: sha256 ? `SHA256:${sha256}` : "",
  };
}

/** PKCS #1 for RSA and SEC 1 for ECDSA; Ed25519 has no such form. */
function traditionalPem(key: KeyObject): string | undefined {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return key.export({ type: "pkcs1", format: "pem" }).toString();
    case "ec":
      return key.export({ type: "sec1", format: "pem" }).toString();
    default:
      return undefined;
  }
}
