/** A public IP mapped to a machine's NIC. Its deletion fails when the link no longer exists. */
import { stringOf } from "../values";
import type { Values } from "../../protocol/model";
import type { Account } from "./account";
import { conflict, invalidValue, notFound } from "./errors";
import { newId } from "./ids";
import type { PublicIp, Vm } from "./objects";
import { holderOf, shownLink, unlinkPublicIp } from "./public-ip";
import type { Kind } from "./resource";
import { shownTags } from "./tags";

const ARGUMENTS = ["public_ip_id", "public_ip", "vm_id", "nic_id", "private_ip"];

export function publicIpLink(account: Account): Kind<PublicIp> {
  return {
    type: "outscale_public_ip_link",
    generation: "framework",
    title: "Public IP link",
    titles: { create: "Unable to link Public IP", delete: "Unable to unlink Public IP" },
    replacedBy: [...ARGUMENTS, "allow_relink"],
    keeps: ["id", ...ARGUMENTS],

    create(planned) {
      const ip = wantedIp(account, planned);
      const vm = wantedVm(account, planned);
      const holder = holderOf(account, ip);
      const relinks = planned.allow_relink === true && ip.link !== undefined;
      if (holder !== undefined && !relinks)
        throw conflict(9029, `The public IP ${ip.address} is in use by ${holder}.`);
      for (const other of account.publicIps.all())
        if (other !== ip && other.link?.vm === vm.id) delete other.link;
      ip.link = {
        id: newId("eipassoc"),
        vm: vm.id,
        privateIp: stringOf(planned.private_ip) ?? vm.privateIp,
      };
      account.save();
      return ip;
    },

    find: (state) => account.publicIps.all().find(({ link }) => link?.id === stringOf(state.id)),

    show: (object) => ({
      id: object.link?.id ?? "",
      public_ip_id: object.id,
      public_ip: object.address,
      ...shownLink(account, object),
      tags: shownTags(object.tags),
    }),

    delete(state) {
      unlinkPublicIp(account, stringOf(state.link_public_ip_id) ?? "");
    },
  };
}

function wantedIp(account: Account, planned: Values): PublicIp {
  const id = stringOf(planned.public_ip_id);
  if (id !== undefined) return account.publicIps.find(id);
  const address = stringOf(planned.public_ip) ?? "";
  const found = account.publicIps.all().find((ip) => ip.address === address);
  if (found === undefined) throw notFound("publicIp", address);
  return found;
}

function wantedVm(account: Account, planned: Values): Vm {
  const nic = stringOf(planned.nic_id);
  const byNic = account.vms.all().find((vm) => vm.nic === nic);
  if (nic !== undefined && byNic === undefined) throw notFound("nic", nic);
  const vm = byNic ?? account.vms.find(stringOf(planned.vm_id) ?? "");
  const address = stringOf(planned.private_ip);
  if (address !== undefined && address !== vm.privateIp)
    throw invalidValue(4047, `${vm.id} does not have the private IP ${address}.`);
  return vm;
}
