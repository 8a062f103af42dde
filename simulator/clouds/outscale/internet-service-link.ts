/**
 * The link of an internet service to its Net. Its deletion is the fragile step of a destroy: the
 * provider itself unlinks public IPs that are still mapped in the Net (1004), whatever manages them;
 * while a load balancer (1005) or a NAT service (1018) is left, it retries.
 */
import { Refusal, type CallContext, type Values } from "../../protocol/model";
import { stringOf } from "../values";
import type { Account } from "./account";
import { TIMEOUT } from "./catalogue";
import { conflict, dependency, isCode } from "./errors";
import type { InternetService } from "./objects";
import type { Kind } from "./resource";
import { shownTags } from "./tags";
import { timeoutOf } from "./timeouts";

export function internetServiceLink(account: Account): Kind<InternetService> {
  return {
    type: "outscale_internet_service_link",
    generation: "framework",
    title: "Internet Service link",
    titles: {
      create: "Unable to link Internet Service",
      delete: "Unable to unlink Internet Service",
    },
    replacedBy: ["net_id", "internet_service_id"],
    destruction:
      "Applying this resource destruction will destroy the state and unlink the Internet Service but not fully delete it. It will be gone when deleting the Internet Service.",

    create(planned) {
      const service = account.internetServices.find(stringOf(planned.internet_service_id) ?? "");
      const net = account.nets.find(stringOf(planned.net_id) ?? "");
      if (service.net !== undefined)
        throw conflict(9029, `The internet service ${service.id} is linked to ${service.net}.`);
      const other = account.internetServices.all().find((one) => one.net === net.id);
      if (other !== undefined)
        throw conflict(9029, `The Net ${net.id} has the internet service ${other.id} already.`);
      service.net = net.id;
      account.save();
      return service;
    },

    // The provider only reads the service: after an unlink elsewhere its Net is empty.
    find: (state) => account.internetServices.get(stringOf(state.internet_service_id) ?? ""),

    show: ({ id, net, tags }) => ({
      id,
      internet_service_id: id,
      net_id: net ?? "",
      state: net === undefined ? "" : "available",
      tags: shownTags(tags),
    }),

    delete: (state, context) => unlinkTolerantly(account, state, context),

    import: (id) => ({ id, internet_service_id: id }),
  };
}

async function unlinkTolerantly(account: Account, state: Values, context: CallContext) {
  const service = stringOf(state.internet_service_id) ?? "";
  const net = stringOf(state.net_id) ?? "";
  try {
    unlink(account, service, net);
  } catch (error) {
    if (isCode(error, [1004])) unlinkAddresses(account, service, net);
    else if (isCode(error, [1005, 1018]))
      await account.retry([1005, 1018], timeoutOf(state, "delete", TIMEOUT.delete), context, () => {
        unlink(account, service, net);
      });
    else throw error;
  }
}

/** As the provider does: unlinks every public IP of every NIC in the Net, then retries once. */
function unlinkAddresses(account: Account, service: string, net: string): void {
  for (const ip of addressesIn(account, net)) delete ip.link;
  try {
    unlink(account, service, net);
  } catch (error) {
    if (!isCode(error, [1007]) && error instanceof Error)
      throw new Refusal(
        "Unable to unlink Internet Service after unmapping Public IPs",
        error.message,
      );
  }
}

function unlink(account: Account, id: string, net: string): void {
  const service = account.internetServices.find(id);
  if (service.net !== net)
    throw dependency(1007, `The internet service ${id} is not linked to ${net}.`);
  const addresses = addressesIn(account, net);
  if (addresses.length > 0)
    throw dependency(1004, `The Net ${net} has mapped public IPs: ${listed(addresses)}.`);
  const balancers = account.loadBalancers
    .all()
    .filter(
      ({ subnet, publicAddress }) =>
        publicAddress !== undefined && account.subnets.get(subnet)?.net === net,
    );
  if (balancers.length > 0)
    throw dependency(1005, `The Net ${net} has load balancers: ${listed(balancers)}.`);
  const nats = account.natServices.all().filter((nat) => nat.net === net);
  if (nats.length > 0) throw dependency(1018, `The Net ${net} has NAT services: ${listed(nats)}.`);
  delete service.net;
  account.save();
}

function addressesIn(account: Account, net: string) {
  return account.publicIps.all().filter(({ link }) => {
    const vm = link && account.vms.get(link.vm);
    return vm !== undefined && account.subnets.get(vm.subnet)?.net === net;
  });
}

function listed(objects: readonly { id: string }[]): string {
  return objects.map(({ id }) => id).join(", ");
}
