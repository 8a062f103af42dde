import { describe, expect, it, test } from "@jest/globals";
import { variableNames } from "../../../src/config/schema/variables";
import { publicKey, synthesized, values } from "../../support/input";

const key = `${publicKey} \${b} & <co>`;
const { json } = synthesized(
  values({ region: null, workers: 1 }, { bastion_ssh_keys: { scaleway: [key] } }),
);

describe("a variable of tofu.tfvars", () => {
  test("is declared with the reviewed value as default, so that tofu runs without the file", () => {
    expect(Object.keys(json["variable"] as object).sort()).toEqual(
      [...variableNames, "tunnel_port"].sort(),
    );
    expect(json.variable.admin_ip.default).toBe("203.0.113.7");
    expect(json.variable.talos_version.default).toBe("v1.14.1");
    expect(json.variable.cluster_endpoint.default).toBeNull();
  });

  it.each(variableNames.map((name) => [name]))(
    "is compared with the reviewed value before anything changes: %s",
    (name) => {
      expect(json.variable[name].validation).toMatchObject([
        {
          condition: `\${jsonencode(var.${name}) == jsonencode(local.baked_${name})}`,
          error_message: expect.stringMatching(/Run synth again, then plan\.$/),
        },
      ]);
    },
  );

  test("has the type with which TF_VAR_ is parsed as users expect", () => {
    const typeOf = (admin_ip: unknown): unknown =>
      synthesized(values({}, { admin_ip })).json["variable"].admin_ip.type;
    expect(typeOf("203.0.113.7")).toBe("string");
    expect(typeOf(["203.0.113.7"])).toBe("any");
    expect(json.variable.allow_open_admin.type).toBe("bool");
    expect(json.variable.cluster_endpoint.type).toBe("string");
  });

  test("is baked in as a literal string, and read as one", () => {
    expect(json.locals.baked_bastion_ssh_keys.scaleway[0]).toBe(`${publicKey} $\${b} & <co>`);
    expect(json.variable.bastion_ssh_keys.default.scaleway[0]).toBe(key);
  });

  test("keeps a null inside it on both sides of the comparison", () => {
    expect(json.variable.node_distribution.default.scaleway.region).toBeNull();
    expect(json.locals.baked_node_distribution.scaleway.region).toBeNull();
  });
});

test("the tunnel's port is a user's own: neither baked in nor compared, but a port", () => {
  expect(json.locals).not.toHaveProperty("baked_tunnel_port");
  expect(json.variable.tunnel_port).toMatchObject({
    type: "number",
    default: 50000,
    validation: [{ condition: "${var.tunnel_port > 0 && var.tunnel_port < 65536}" }],
  });
});
