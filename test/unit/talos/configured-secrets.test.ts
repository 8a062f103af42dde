import { describe, expect, test } from "@jest/globals";
import { clusterIdOf, clusterSecrets, isRotating } from "../../../src/talos/configured-secrets";

const configuration = (accepted: string) => `
version: v1alpha1
machine:
  type: controlplane
  token: a-token
  ca: { crt: b3MtY3J0, key: b3Mta2V5 }
  ${accepted}
cluster:
  id: an-id
  secret: its-secret
  ca: { crt: azhzLWNydA==, key: azhzLWtleQ== }
  serviceAccount: { key: c2Eta2V5 }
---
apiVersion: v1alpha1
kind: HostnameConfig
hostname: demo-control-plane-0
`;

describe("the secrets in a control plane's machine configuration", () => {
  test("have the places of the state's", () => {
    const found = clusterSecrets(configuration("acceptedCAs: []"));
    expect(found.map(({ place, value }) => [place.join("."), value])).toEqual([
      ["certs.os.cert", "b3MtY3J0"],
      ["certs.os.key", "b3Mta2V5"],
      ["trustdinfo.token", "a-token"],
      ["certs.k8s.cert", "azhzLWNydA=="],
      ["certs.k8s.key", "azhzLWtleQ=="],
      ["certs.k8s_serviceaccount.key", "c2Eta2V5"],
    ]);
    expect(clusterIdOf(configuration(""))).toBe("an-id");
  });

  test("are between two CAs while a second one is accepted", () => {
    expect(isRotating(configuration("acceptedCAs: []"))).toBe(false);
    expect(isRotating(configuration("acceptedCAs: [{ crt: b2xk }]"))).toBe(true);
  });
});
