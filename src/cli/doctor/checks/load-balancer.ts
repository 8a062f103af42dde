import { Cidr } from "../../../../constructs/model/cidr";
import { shellWord } from "../../../../constructs/shell-word";
import type { ApiPath } from "../../../../constructs/model/api-path";
import { type Finding, error, ok, warning } from "../finding";
import type { DoctorContext } from "../context";

const check = "load balancer";
const apply = "./openaether up";

/** Whether it is attached, allows the right networks, and forwards to every control plane. */
export function loadBalancer(context: DoctorContext): Finding[] {
  const { state, cloud } = context;
  if (state === undefined || cloud === undefined) return [];
  const path = cloud.apiPath(state);
  if (path === undefined) return [error(check, "There is none: the API has no way in.", apply)];
  return [attachment(context, path), ...rules(context, path), forwarding(path)];
}

function attachment(
  { stack, varFile }: DoctorContext,
  { isAttached, attachedBy }: ApiPath,
): Finding {
  if (isAttached) return ok(check, "on the private network");
  return error(
    check,
    "Not on the private network: it reaches no node.",
    `tofu -chdir=${shellWord(stack?.directory ?? "")} apply -replace=${attachedBy} -var-file=${shellWord(varFile)}`,
  );
}

/** Nodes call the API's public address, with the source address of their NAT. */
function rules({ input }: DoctorContext, path: ApiPath): Finding[] {
  const { allowed, egress, deniesOthers } = path;
  const open = allowed.map((text) => Cidr.parse(text)).filter((network) => network !== undefined);
  const admits = (network: Cidr) => open.some((one) => one.contains(network));
  const shutOut = egress.filter((address) => {
    const network = Cidr.parse(address);
    return network === undefined || !admits(network);
  });
  const found: Finding[] = [];
  if (shutOut.length > 0 || egress.length === 0) {
    const whose = egress.length === 0 ? "an address" : shutOut.join(", ");
    found.push(
      error(
        check,
        `It refuses the nodes themselves, which come from ${whose} (the way out).`,
        apply,
      ),
    );
  }
  if (!deniesOthers) {
    found.push(error(check, "It lets in the whole internet: the last rule is missing.", apply));
  }
  if (!("spec" in input)) return found;
  const { adminNetworks } = input.spec;
  const waiting = adminNetworks.filter((network) => !admits(network));
  if (waiting.length > 0) {
    const text = `${waiting.join(", ")} of admin_ip is not let in yet.`;
    found.push(warning(check, text, apply));
  }
  const known = [...adminNetworks, ...egress.flatMap((address) => Cidr.parse(address) ?? [])];
  const others = open.filter((network) => !known.some((one) => one.contains(network)));
  if (others.length > 0) {
    found.push(warning(check, `It lets in ${others.join(", ")}, not in admin_ip.`, apply));
  }
  if (found.length > 0) return found;
  return [ok(check, `lets in admin_ip and ${egress.join(", ")}, where the nodes come from`)];
}

function forwarding({ controlPlanes }: ApiPath): Finding {
  const forgotten = controlPlanes.filter(({ isServed }) => !isServed).map(({ name }) => name);
  return forgotten.length === 0
    ? ok(check, `leads to ${controlPlanes.map(({ name }) => name).join(", ")}`)
    : error(check, `It does not lead to ${forgotten.join(", ")}.`, apply);
}
