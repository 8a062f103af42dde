import type { Cidr } from "../../../../constructs/model/cidr";
import { type Finding, ok, warning } from "../finding";
import type { DoctorContext } from "../context";

const check = "your address";

/** Whether the user's address, as given, is allowed. */
export function myAddress({ myAddress: mine, input }: DoctorContext): Finding[] {
  if (mine === undefined || !("spec" in input)) return [];
  const { adminNetworks } = input.spec;
  const text = shown(mine);
  if (adminNetworks.some((network) => network.contains(mine))) {
    return [ok(check, `${text} is in admin_ip`)];
  }
  const networks = [...adminNetworks.map(shown), text].map((network) => `"${network}"`);
  return [
    warning(
      check,
      `${text} is not in admin_ip: the API and the bastion will not answer you.`,
      `admin_ip = [${networks.join(", ")}]   # in tofu.tfvars`,
    ),
  ];
}

/** As a user writes it: a single address without its prefix length. */
function shown(network: Cidr): string {
  return network.prefixLength === 32 ? network.host(0) : network.toString();
}
