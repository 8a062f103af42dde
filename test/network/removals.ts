import type { Stack } from "../support/input";

/** A removal from a configuration, or a change of it. */
export interface Removal {
  readonly name: string;
  readonly change: (stack: Stack) => void;
}

/** Every rule that allows something, one at a time: it would be missed. */
export function everyRule(stack: Stack): Removal[] {
  const addresses = stack.addresses.filter((address) => /_(rule|rule_v2)\./.test(address));
  return [
    ...addresses.map((address) => without(address)),
    ...blocks(stack, "scaleway_instance_security_group.bastion", "inbound_rule"),
    ...blocks(stack, "scaleway_lb_frontend.api", "acl"),
    ...firewallRules(stack),
  ];
}

export function without(address: string): Removal {
  const [type = "", name = ""] = address.split(".");
  return {
    name: `without ${address}`,
    change: ({ resource }) => {
      resource[type] = Object.fromEntries(
        Object.entries(resource[type] as object).filter(([one]) => one !== name),
      );
      forget(resource, address);
    },
  };
}

/** Removes dependencies on what was removed. */
function forget(value: unknown, address: string): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === "depends_on" && Array.isArray(inner)) {
      Object.assign(value, { [key]: inner.filter((one) => one !== address) });
    } else forget(inner, address);
  }
}

/** Each block of one name, one at a time. */
function blocks(stack: Stack, address: string, name: string): Removal[] {
  const [type = "", id = ""] = address.split(".");
  const written: unknown = stack.resource[type]?.[id]?.[name];
  if (!Array.isArray(written)) return [];
  return written.map((_, index) => ({
    name: `without ${address} ${name}[${index}]`,
    change: (changed) => {
      changed.at(address)[name] = written.filter((_, other) => other !== index);
    },
  }));
}

/** Each rule of Talos's firewall, from all nodes at once. */
function firewallRules(stack: Stack): Removal[] {
  const names = stack
    .patches("control_plane_0")
    .flatMap(({ kind, name }) => (kind === "NetworkRuleConfig" ? [String(name)] : []));
  const rules = names.map((name) =>
    patched(`without Talos's rule ${name}`, (patch) => (patch["name"] === name ? [] : [patch])),
  );
  const closed = patched("without Talos's default to block", (patch) =>
    patch["kind"] === "NetworkDefaultActionConfig" ? [] : [patch],
  );
  return [...rules, closed];
}

type Patch = Record<string, unknown>;

/** Changes the patches of every node's machine configuration. */
export function patched(name: string, change: (patch: Patch) => Patch[]): Removal {
  return {
    name,
    change: (stack) => {
      for (const node of Object.keys(stack.all("talos_machine_configuration"))) {
        const patches = stack.patches(node).flatMap(change);
        stack.at(`talos_machine_configuration.${node}`)["config_patches"] = patches.map((patch) =>
          JSON.stringify(patch),
        );
      }
    },
  };
}

/** Sets arguments of a resource; undefined removes one. */
export function set(address: string, values: Patch): Removal {
  return {
    name: `${address} with ${JSON.stringify(values, (_, value: unknown) => value ?? null)}`,
    change: (stack) => {
      Object.assign(stack.at(address), values);
    },
  };
}

/** Adds a resource. */
export function also(address: string, values: Patch): Removal {
  const [type = "", name = ""] = address.split(".");
  return {
    name: `also ${address}`,
    change: ({ resource }) => {
      resource[type] = { ...(resource[type] as object), [name]: values };
    },
  };
}

/** Changes one file that cloud-init writes on the bastion; undefined removes it. */
export function bastionFile(
  name: string,
  end: string,
  change: (content: string) => string | undefined,
): Removal {
  return {
    name,
    change: ({ json }) => {
      const document = json["locals"].bastion_cloud_init as {
        write_files: { path: string; content: string }[];
      };
      document.write_files = document.write_files.flatMap((file) => {
        const content = file.path.endsWith(end) ? change(file.content) : file.content;
        return content === undefined ? [] : [{ ...file, content }];
      });
    },
  };
}

export function both(one: Removal, other: Removal): Removal {
  return {
    name: `${one.name} and ${other.name}`,
    change: (stack) => {
      one.change(stack);
      other.change(stack);
    },
  };
}
