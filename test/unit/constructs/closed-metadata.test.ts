import { describe, expect, it, test } from "@jest/globals";
import { outscale, ovh, scaleway, type TestCloud } from "../../support/clouds";
import { type Json, type Stack, synthesized, values } from "../../support/input";

describe("the metadata service", () => {
  const closing = (cloud: TestCloud, version: string, kubernetes: string) => {
    const versions = { talos_version: version, kubernetes_version: kubernetes };
    return synthesized(values(cloud.available, versions, cloud));
  };
  const routes = (stack: Stack) =>
    ["control_plane_0", "worker_0"].map((node) =>
      stack.patches(node).find(({ kind }: Json) => kind === "BlackholeRouteConfig"),
    );

  it.each([[ovh], [outscale]])("is closed on $name, from Talos 1.13 on", (cloud) => {
    const route = {
      apiVersion: "v1alpha1",
      kind: "BlackholeRouteConfig",
      name: "169.254.169.254/32",
      metric: 1,
    };
    expect(routes(closing(cloud, "v1.13.9", "v1.36.3"))).toEqual([route, route]);
    expect(routes(closing(cloud, "v1.12.6", "v1.35.1"))).toEqual([undefined, undefined]);
  });

  test("stays on Scaleway, where that address is the DHCP server's", () => {
    expect(routes(closing(scaleway, "v1.13.9", "v1.36.3"))).toEqual([undefined, undefined]);
  });
});
