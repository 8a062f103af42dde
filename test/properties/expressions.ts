import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Values } from "../../src/cli/init/values";
import { withValue } from "../../src/cli/init/values";
import { settingNames } from "../../src/config/schema/settings";
import { policies } from "../policies/policies";
import { testClouds } from "../support/clouds";
import { publicKey, problemsOf, synthesized } from "../support/input";

export const noForeignExpression = policies.find(({ title }) =>
  title.startsWith("an expression calls"),
);

/** Hostile strings, alone and around a valid value. */
const attack = fc
  .tuple(
    fc.constantFrom(
      '${file("/etc/passwd")}',
      '${trimspace(file("/etc/hostname"))}',
      "%{ if true }x%{ endif }",
      "${uuid()}",
      '$${file("/etc/passwd")}',
      '$$${file("/etc/passwd")}',
    ),
    fc.constantFrom("alone", "before", "after", "inside", "after a slash"),
  )
  .map(([text, place]) => (value: string) => {
    if (place === "alone" || value === "") return text;
    if (place === "before") return `${text}${value}`;
    if (place === "after") return `${value}${text}`;
    if (place === "after a slash") return value.replace(/(?<=\/)|$/, `${text}/`);
    return `${value.slice(0, 3)}${text}${value.slice(3)}`;
  });

/** Puts so many hostile strings into the input of each cloud, always the same ones. */
export function noTextBecomesAnExpression(runs: number): void {
  describe.each(testClouds)("on $name", (cloud) => {
    const uuid = "11111111-2222-4333-8444-555555555555";
    const imageId = { scaleway: `fr-par-1/${uuid}`, ovh: uuid, outscale: "ami-1a2b3c4d" }[
      cloud.name
    ];
    const given: Values = {
      cluster_name: "demo",
      talos_version: "v1.14.1",
      kubernetes_version: "v1.37.1",
      cluster_endpoint: "api.example.org",
      network_cidr: "172.16.4.0/22",
      admin_ip: "203.0.113.7",
      bastion_ssh_keys: { [cloud.name]: publicKey },
      node_distribution: { [cloud.name]: cloud.single },
    };
    const setting = (name: string) => ["node_distribution", cloud.name, name];
    const paths = [
      ...["cluster_name", "talos_version", "kubernetes_version", "cluster_endpoint"].map((name) => [
        name,
      ]),
      ["network_cidr"],
      ["admin_ip"],
      ["bastion_ssh_keys", cloud.name],
      ...settingNames.map(setting),
    ];
    const right: Record<string, string> = {
      cluster_name: "demo",
      talos_version: "v1.14.1",
      kubernetes_version: "v1.37.1",
      cluster_endpoint: "api.example.org",
      network_cidr: "172.16.4.0/22",
      admin_ip: "203.0.113.7",
      [cloud.name]: publicKey,
      image_name: "talos-v1.14.1",
      image_id: imageId,
      bastion_image: "Ubuntu",
    };

    test("never become an expression of tofu's: they are refused, or stay strings", () => {
      fc.assert(
        fc.property(fc.constantFrom(...paths), attack, (path, around) => {
          const name = path.at(-1) ?? "";
          const text = around(right[name] ?? "");
          let values = withValue(given, path, name === "zones" ? [text] : text);
          if (name === "image_id") values = withValue(values, setting("image_name"), undefined);
          if (problemsOf(values).some((line) => line.startsWith("error"))) return;
          expect(noForeignExpression?.against(synthesized(values))).toEqual([]);
        }),
        { numRuns: runs, seed: 16 },
      );
    });
  });
}
