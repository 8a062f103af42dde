import type { Objects } from "../../simulator/main-messages";

/** What a cloud's console shows of one thing. */
interface Shown {
  readonly id: string;
  readonly name: string;
}

/** Where what has no page of its own is shown, as an id on something else's. */
const shownOn: Readonly<Record<string, { readonly kind: string; readonly list: string }>> = {
  outscale_public_ip_link: { kind: "outscale_public_ip", list: "link" },
  outscale_route_table_link: { kind: "outscale_route_table", list: "links" },
};

const port = "openstack_networking_port_v2";
const routerInterface = "openstack_networking_router_interface_v2";

/**
 * Somebody looks in the cloud's console for what a message named.
 * @param known Ids that the state has.
 * @returns its id; undefined when it is not there
 */
export function lookUp(
  { list }: Objects,
  type: string,
  name: string,
  known: ReadonlySet<string>,
): string | undefined {
  const strangers = pageOf(list, type).filter(({ id }) => !known.has(id));
  const named = strangers.filter((one) => name !== "" && one.name === name);
  return (named.length === 1 ? named : strangers.length === 1 ? strangers : [])[0]?.id;
}

function pageOf(list: Objects["list"], type: string): Shown[] {
  if (type === "openstack_networking_floatingip_associate_v2") return [];
  const part = shownOn[type];
  if (part === undefined) {
    // A router's interface is a port, as the console says.
    return Object.entries(list[type === routerInterface ? port : type] ?? {})
      .filter(
        ([, object]) =>
          (type !== port && type !== routerInterface) ||
          String(valueOf(object, "deviceOwner")).startsWith("network:router_interface") ===
            (type === routerInterface),
      )
      .map(([id, object]) => ({ id, name: nameOf(object) }));
  }
  return Object.values(list[part.kind] ?? {}).flatMap((object) =>
    [valueOf(object, part.list) ?? []].flat().map((one) => ({
      id: String(valueOf(one, "id")),
      name: "",
    })),
  );
}

function nameOf(object: object): string {
  const tags = valueOf(object, "tags");
  const name = valueOf(object, "name") ?? valueOf(tags, "Name") ?? valueOf(tags, "name");
  return typeof name === "string" ? name : "";
}

function valueOf(object: unknown, name: string): unknown {
  return typeof object === "object" && object !== null
    ? Object.entries(object).find(([key]) => key === name)?.[1]
    : undefined;
}
