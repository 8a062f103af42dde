/** Public address of an instance. Deleting one in use detaches it from its server. */
import type { Account } from "./account";
import { oneOf } from "../checks";
import type { PublicIp } from "./objects";
import type { Kind } from "./resource";
import { stringOf, stringsOf } from "../values";

export function instanceIp(account: Account): Kind<PublicIp> {
  return {
    objects: account.instanceIps,
    locality: "zone",
    product: "instance",
    shortName: "ip",
    replacedBy: ["type"],
    checks: { values: { type: oneOf("routed_ipv4", "routed_ipv6") } },

    create(planned, zone) {
      account.checkQuota("scaleway_instance_ip", account.instanceIps.all().length);
      const ipv6 = planned.type === "routed_ipv6";
      const address = ipv6 ? "" : account.takePublicAddress();
      return {
        ...account.newObject(
          zone,
          { name: "", tags: stringsOf(planned.tags), projectId: stringOf(planned.project_id) },
          "ip",
        ),
        address,
        reverse: ipv6 ? "" : `${address.replaceAll(".", "-")}.instances.scw.cloud`,
        ipv6,
      };
    },

    show: ({ address, reverse, ipv6, attachedTo }) => ({
      address,
      prefix: ipv6 ? "2001:db8:1::/64" : `${address}/32`,
      type: ipv6 ? "routed_ipv6" : "routed_ipv4",
      reverse,
      server_id: attachedTo ?? "",
    }),

    delete(object) {
      const server = account.servers.get(object.attachedTo ?? "");
      if (server === undefined) return;
      server.publicIps = server.publicIps.filter((id) => id !== object.id);
      account.touch(server);
    },
  };
}
