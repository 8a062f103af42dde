/** When an instance begins to run, and what its boot finds. */
import type { Account } from "./account";
import { DURATION } from "./catalogue";
import { portsOf } from "./instance-network";
import type { FirstBoot, Server } from "./objects";
import { wayOutOf } from "./router";

/**
 * What was under way comes to its end by itself, whether or not the provider that asked for it still
 * waits: whoever looks at the server afterwards finds it there.
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
      .filter((subnet) => wayOutOf(account, subnet) !== undefined),
  };
}
