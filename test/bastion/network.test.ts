import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { outscale, ovh, scaleway } from "../support/clouds";
import { mayUnshare } from "./machine";
import { hasNetworkd, NetworkedHost } from "./networked-host";

/** Needs namespaces and systemd's network daemon. */
const withNetworkd = mayUnshare && hasNetworkd ? describe : describe.skip;
const neighbour = "198.51.100.7";
const node = "172.16.4.4";

let host: NetworkedHost;
afterEach(() => host.end());

withNetworkd("systemd-networkd on Scaleway's bastion", () => {
  /** MAC addresses of Scaleway's private NICs begin like this. */
  const privateCard = ["ens5", "02:00:00:1a:2b:3c", "private"] as const;

  beforeEach(async () => {
    host = await NetworkedHost.create(scaleway);
    host.firstCard("ens2", "de:00:00:1a:2b:3c", "public");
  });

  function expectDefaultRoute(): void {
    host.configured("ens2");
    host.configured("ens5");
    expect(host.defaultRoutes).toEqual(["ens2"]);
    expect([host.interfaceTo(neighbour), host.interfaceTo(node)]).toEqual(["ens2", "ens5"]);
  }

  test("the bastion has no IPv6 address on a private interface that is attached after boot", async () => {
    await host.boot();
    host.configured("ens2");
    host.cloudInit();
    host.plug(...privateCard);
    host.configured("ens5");
    expect(host.ipv6Of("ens5")).toEqual([]);
  });

  test("the bastion has no IPv6 address on a private interface from before cloud-init ran", async () => {
    host.plug(...privateCard);
    await host.boot();
    host.configured("ens2");
    host.cloudInit();
    host.configured("ens5");
    expect(host.ipv6Of("ens5")).toEqual([]);
  });

  test("the bastion ignores the default route of a private interface that is attached after boot", async () => {
    await host.boot();
    host.configured("ens2");
    host.cloudInit();
    host.plug(...privateCard);
    expectDefaultRoute();
  });

  test("the bastion ignores the default route of a private interface from before cloud-init ran", async () => {
    host.plug(...privateCard);
    await host.boot();
    host.configured("ens2");
    host.cloudInit();
    expectDefaultRoute();
  });

  test("the bastion still ignores that default route after another boot", async () => {
    host.plug(...privateCard);
    host.writeFiles();
    await host.boot();
    expectDefaultRoute();
  });
});

withNetworkd.each([ovh, outscale])("systemd-networkd on the bastion of $name", (cloud) => {
  test("the bastion keeps the default route of its only interface, in the private network", async () => {
    host = await NetworkedHost.create(cloud);
    host.firstCard("ens3", "fa:16:3e:1a:2b:3c", "private");
    await host.boot();
    host.cloudInit();
    host.configured("ens3");
    expect(host.defaultRoutes).toEqual(["ens3"]);
    expect([host.interfaceTo(neighbour), host.interfaceTo(node)]).toEqual(["ens3", "ens3"]);
  });
});
