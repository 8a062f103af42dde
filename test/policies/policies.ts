import type { Stack } from "../support/input";

/** A rule about the configuration, for a reviewer. */
export interface Policy {
  readonly title: string;
  /** Locations that violate it, each with its value. */
  readonly against: (stack: Stack) => string[];
}

type Json = unknown;
type Block = Record<string, Json>;

/** Every resource of the matching types, with its address. */
function resources({ resource }: Stack, type: RegExp): [address: string, block: Block][] {
  return Object.entries(resource as Record<string, Record<string, Block>>)
    .filter(([name]) => type.test(name))
    .flatMap(([name, named]) =>
      Object.entries(named).map(([id, block]): [string, Block] => [`${name}.${id}`, block]),
    );
}

/** Every data source of the matching types, with its address. */
function dataSources({ json }: Stack, type: RegExp): [address: string, block: Block][] {
  return Object.entries(json["data"] as Record<string, Record<string, Block>>)
    .filter(([name]) => type.test(name))
    .flatMap(([name, named]) =>
      Object.entries(named).map(([id, block]): [string, Block] => [`data.${name}.${id}`, block]),
    );
}

/** Every string in a value, with its path. */
function stringsIn(value: Json, path: string): [path: string, text: string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => stringsIn(inner, `${path}.${key}`));
}

/** What the stack's expressions may call: functions that depend on their arguments alone. */
const pureFunctions = [
  "base64decode",
  "base64encode",
  "can",
  "concat",
  "distinct",
  "jsonencode",
  "regex",
  "sensitive",
  "sha256",
  "sort",
  "split",
  "strcontains",
  "tonumber",
  "trimspace",
  "try",
  "yamlencode",
];
const servers = /^(scaleway_instance_server|openstack_compute_instance_v2|outscale_vm)$/;
const isNode = ([address]: [string, Block]) => /\.(control_plane|worker)_\d+$/.test(address);
/** The last attribute of a reference to a key. */
const holdsKey = /\.(kubeconfig_raw|talos_config|machine_secrets|private_key_\w+|client_key)\b/;
const listOf = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);
const minutes = (value: Json): number =>
  /^\d+m$/.test(String(value)) ? Number.parseInt(String(value), 10) : 0;
const get = (value: Json, name: string): Json =>
  typeof value === "object" && value !== null ? (value as Block)[name] : undefined;

export const policies: readonly Policy[] = [
  {
    title: "no node has a public address",
    against: (stack) => [
      ...resources(stack, servers)
        .filter(isNode)
        .flatMap(([address, block]) =>
          ["ip_id", "ip_ids", "enable_dynamic_ip", "access_ip_v4"]
            .filter((name) => block[name] !== undefined)
            .map((name) => `${address} ${name}`),
        ),
      ...resources(stack, /_(public_ip_link|floatingip_associate_v2)$/)
        .filter(([, block]) => /(control_plane|worker)_\d/.test(JSON.stringify(block)))
        .map(([address]) => address),
    ],
  },
  {
    title: "0.0.0.0/0 is in a deny, or on the way out, and nowhere else",
    against: (stack) =>
      resources(stack, /./)
        .flatMap(([address, block]) => stringsIn(block, address))
        .filter(([, text]) => /(^|[^\d.])0\.0\.0\.0\/0|::\/0/.test(text))
        .map(([path]) => path)
        .filter((path) => !/^outscale_route\.\w+\.destination_ip_range$/.test(path))
        .filter((path) => {
          const [, index] = /^scaleway_lb_frontend\.api\.acl\.(\d+)\.match/.exec(path) ?? [];
          if (index === undefined) return true;
          const acl = listOf(stack.at("scaleway_lb_frontend.api")["acl"])[Number(index)];
          return get(get(acl, "action"), "type") !== "deny";
        }),
  },
  {
    title: "Talos's port is on no load balancer",
    against: (stack) =>
      resources(stack, /(^|_)(lb|load_balancer)(_|$)/).flatMap(([address, block]) =>
        JSON.stringify(block).includes("50000") ? [address] : [],
      ),
  },
  {
    title: "who is not let in by the load balancer is turned away",
    against: (stack) => [
      ...resources(stack, /^scaleway_lb_frontend$/)
        .filter(([, block]) => get(get(listOf(block["acl"]).at(-1), "action"), "type") !== "deny")
        .map(([address]) => `${address}: its last acl does not deny`),
      ...resources(stack, /^openstack_lb_listener_v2$/)
        .filter(([, block]) => (block["allowed_cidrs"] ?? "") === "")
        .map(([address]) => `${address}: no allowed_cidrs`),
      ...resources(stack, /^outscale_load_balancer$/)
        .filter(([, block]) => listOf(block["security_groups"] ?? []).length === 0)
        .map(([address]) => `${address}: no security group of its own`),
    ],
  },
  {
    title: "an image is looked up among those of one owner: anybody can publish one of any name",
    against: (stack) => [
      ...dataSources(stack, /^scaleway_instance_image$/)
        .filter(([, block]) => (block["project_id"] ?? "") === "")
        .map(([address]) => address),
      ...dataSources(stack, /^openstack_images_image_v2$/)
        .filter(([, block]) => block["owner"] === undefined && block["visibility"] !== "public")
        .map(([address]) => address),
      ...dataSources(stack, /^outscale_image$/)
        .filter(
          ([, block]) =>
            !listOf(block["filter"]).some((filter) =>
              ["account_ids", "account_aliases"].includes(String(get(filter, "name"))),
            ),
        )
        .map(([address]) => address),
    ],
  },
  {
    title: "an expression calls only functions that read nothing, and there is no directive",
    against: ({ json }) =>
      stringsIn(json, "").flatMap(([path, text]) => {
        // A doubled dollar sign is literal; defaults of variables are not evaluated.
        if (/^\.variable\.\w+\.default/.test(path)) return [];
        const live = text.replaceAll(/([$%])\1\{/g, "");
        const called = [...live.matchAll(/\$\{[^]*/g)]
          .flatMap(([rest]) => [...rest.matchAll(/\b([a-z]\w*)\(/g)])
          .map(([, name = ""]) => name)
          .filter((name) => !pureFunctions.includes(name));
        return [...called, ...(live.includes("%{") ? ["%{"] : [])].map(
          (what) => `${path}: ${what}`,
        );
      }),
  },
  {
    title: "a node's image and user data count at its creation alone",
    against: (stack) =>
      resources(stack, servers)
        .filter(isNode)
        .filter(([, block]) => {
          const ignored = listOf(get(block["lifecycle"], "ignore_changes"));
          const hasImage = ignored.includes("image") || ignored.includes("image_id");
          return !hasImage || !ignored.includes("user_data");
        })
        .map(([address]) => address),
  },
  {
    title: "a load balancer has the time that it takes: to be made, and to keep a watch open",
    against: (stack) => [
      ...resources(stack, /^(openstack_lb_loadbalancer_v2|outscale_load_balancer)$/)
        .filter(([, block]) => minutes(get(block["timeouts"], "create")) < 30)
        .map(([address]) => `${address} timeouts`),
      ...resources(stack, /^scaleway_lb_backend$/)
        .filter(([, block]) => minutes(block["timeout_server"]) < 10)
        .map(([address]) => `${address} timeout_server`),
      ...resources(stack, /^scaleway_lb_frontend$/)
        .filter(([, block]) => minutes(block["timeout_client"]) < 10)
        .map(([address]) => `${address} timeout_client`),
    ],
  },
  {
    title: "an output that holds a key is sensitive",
    against: ({ json }) =>
      Object.entries(json["output"] as Record<string, Block>)
        .filter(([, block]) => holdsKey.test(String(block["value"])))
        .filter(([, block]) => block["sensitive"] !== true)
        .map(([name]) => name),
  },
  {
    title: "a file that holds a key is its owner's alone",
    against: (stack) => [
      ...resources(stack, /^local_sensitive_file$/)
        .filter(([, block]) => block["file_permission"] !== "0600")
        .map(([address]) => address),
      ...resources(stack, /^local_file$/)
        .filter(([, block]) => holdsKey.test(String(block["content"])))
        .map(([address]) => `${address} is no local_sensitive_file`),
    ],
  },
  {
    title: "the bastion's host key is made here, and the tunnel takes no other",
    against: (stack) => {
      const document = JSON.stringify(stack.json["locals"]);
      const known = JSON.stringify(stack.at("local_file.known_hosts"));
      const tunnel = JSON.stringify(stack.at("null_resource.tunnel"));
      const isPinned = (text: string) =>
        text.includes("tls_private_key.bastion_boot.public_key_openssh");
      return [
        ...(document.includes("tls_private_key.bastion_boot.private_key_openssh")
          ? []
          : ["cloud-init makes up a host key"]),
        ...(document.includes('"ssh_deletekeys":true') ? [] : ["the image's own keys stay"]),
        ...(isPinned(known) ? [] : ["known_hosts has another key"]),
        ...(tunnel.includes("HOST_KEY") && isPinned(tunnel)
          ? []
          : ["the tunnel is not told the key"]),
      ];
    },
  },
  {
    title: "no secret is in the configuration",
    against: ({ text }) =>
      [
        /PRIVATE KEY-----/,
        /"token":\s*"[a-z0-9]{6}\./,
        /client-key-data\W+[A-Za-z0-9+/=]{40}/,
      ].flatMap((pattern) => (pattern.test(text) ? [String(pattern)] : [])),
  },
];
