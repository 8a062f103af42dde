/** When an instance starts to run, and what its boot finds. */
import type { Account } from "./account";
import { DURATION } from "./catalogue";
import { portsOf } from "./instance-network";
import type { FirstBoot, Server } from "./objects";
import { gatewayRouterOf } from "./router";

/**
 * A build or reboot ends whether or not the provider still waits for it: a later read finds the
 * server in its final state.
 */
export function arrive(account: Account, server: Server): Server {
  const { status } = server;
  const isUnderWay = status === "BUILD" || status === "REBUILD" || status === "RESIZE";
  if (!isUnderWay || !account.isReady(server)) return server;
  server.status = server.fault === undefined ? "ACTIVE" : "ERROR";
  if (server.status === "ACTIVE") {
    if (status !== "RESIZE") server.firstBoot = firstBoot(account, server);
    bootNow(account, server);
  }
  account.touch(server);
  return server;
}

export function bootNow(account: Account, server: Server): void {
  server.bootedAt = account.after(DURATION.serverBooted);
  account.touch(server);
}

/** What a boot from an empty disk finds; also after a rebuild. */
function firstBoot(account: Account, server: Server): FirstBoot {
  return {
    waysOut: portsOf(account, server)
      .flatMap(({ fixedIps }) => fixedIps.map(({ subnet }) => subnet))
      .filter((subnet) => gatewayRouterOf(account, subnet) !== undefined),
  };
}
