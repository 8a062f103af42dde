import type { Objects } from "../../simulator/main-messages";

/** What a cloud's console shows of one object. */
interface Shown {
  readonly id: string;
  readonly name: string;
}

/** Where an object without a page of its own is shown, as an id on another object's page. */
const shownOn: Readonly<Record<string, { readonly kind: string; readonly list: string }>> = {
  outscale_public_ip_link: { kind: "outscale_public_ip", list: "link" },
  outscale_route_table_link: { kind: "outscale_route_table", list: "links" },
};

const port = "openstack_networking_port_v2";
const routerInterface = "openstack_networking_router_interface_v2";

/** An object that a message asks to look for. */
export interface Sought {
  readonly address: string;
  /** Its name in the console, or the names of its parent; "" when it has no name. */
  readonly name: string;
}

/**
 * Looks in the cloud's console for what a message named.
 * @param known Ids that the state has.
 * @returns ids by address, of objects that exist and can be told apart
 */
export function lookUp(
  { list }: Objects,
  sought: readonly Sought[],
  known: ReadonlySet<string>,
): Map<string, string> {
  const found = new Map<string, string>();
  for (const { address, name } of sought) {
    const taken = new Set([...known, ...found.values()].map(lastPart));
    const [type = ""] = address.split(".");
    const unknownObjects = pageOf(list, type).filter(({ id }) => !taken.has(lastPart(id)));
    const named = unknownObjects.filter((one) => name.split(" and ").includes(one.name));
    // An object that is named only at the end of its creation may exist without a name.
    const candidates = named.length > 0 ? named : unknownObjects.filter((one) => one.name === "");
    const [only] = candidates;
    if (candidates.length === 1 && only !== undefined) found.set(address, only.id);
  }
  return found;
}

/** In a state some ids are prefixed with that of their parent. */
function lastPart(id: string): string {
  return id.split("/").at(-1) ?? "";
}

function pageOf(list: Objects["list"], type: string): Shown[] {
  if (type === "openstack_networking_floatingip_associate_v2") return [];
  const part = shownOn[type];
  if (part === undefined) {
    // A router's interface is a port, as the console says.
    return Object.entries(list[type === routerInterface ? port : type] ?? {})
      .filter(
        ([, object]) =>
          // The console marks objects that a Net creates by itself.
          valueOf(object, "isMain") !== true &&
          ((type !== port && type !== routerInterface) ||
            String(valueOf(object, "deviceOwner")).startsWith("network:router_interface") ===
              (type === routerInterface)),
      )
      .map(([id, object]) => ({ id, name: nameOf(object) || serverOf(list, object) }));
  }
  return Object.values(list[part.kind] ?? {}).flatMap((object) =>
    [valueOf(object, part.list) ?? []].flat().map((one) => ({
      id: String(valueOf(one, "id")),
      name: "",
    })),
  );
}

/** A NIC is shown on its machine's page. */
function serverOf(list: Objects["list"], object: object): string {
  const server = list["scaleway_instance_server"]?.[String(valueOf(object, "server"))];
  return server === undefined ? "" : nameOf(server);
}

function nameOf(object: object): string {
  const tags = valueOf(object, "tags");
  const shown = [
    valueOf(object, "name"),
    valueOf(tags, "Name"),
    valueOf(tags, "name"),
    valueOf(object, "description"),
  ];
  const name = shown.find((one) => typeof one === "string" && one !== "");
  return typeof name === "string" ? name : "";
}

function valueOf(object: unknown, name: string): unknown {
  return typeof object === "object" && object !== null
    ? Object.entries(object).find(([key]) => key === name)?.[1]
    : undefined;
}
