import { argument, privateKey } from "./secrets";
import { lines, withEnvironment, type Row } from "./table";

export const environment: readonly Row[] = [
  [
    "arguments for every command",
    withEnvironment({ TF_CLI_ARGS: argument }),
    "warning TF_CLI_ARGS",
    "Every tofu command would get these arguments in addition to those that you type. They are not shown. unset TF_CLI_ARGS",
  ],
  [
    "arguments for a plan",
    withEnvironment({ TF_CLI_ARGS_plan: argument }),
    "warning TF_CLI_ARGS_plan",
    "tofu plan would get these arguments in addition to those that you type. They are not shown. unset TF_CLI_ARGS_plan",
  ],
  [
    "a data directory elsewhere",
    withEnvironment({ TF_DATA_DIR: "/srv/data" }),
    "warning TF_DATA_DIR",
    "tofu would keep its working data in /srv/data: a plan asks for another init, or goes by what another project left there. unset TF_DATA_DIR",
  ],
  [
    "another workspace",
    withEnvironment({ TF_WORKSPACE: "staging" }),
    "warning TF_WORKSPACE",
    "tofu would work in the workspace staging, which has a state of its own: every plan is refused, since one cluster is one directory. unset TF_WORKSPACE",
  ],
  [
    "a configuration file that is not there",
    withEnvironment({ TF_CLI_CONFIG_FILE: "/srv/no.tofurc" }),
    "warning TF_CLI_CONFIG_FILE",
    "There is no file /srv/no.tofurc: tofu would warn, and go on without your settings of mirrors and credentials. unset TF_CLI_CONFIG_FILE",
  ],
  [
    "a plugin cache that is not there",
    withEnvironment({ TF_PLUGIN_CACHE_DIR: "/srv/no-cache" }),
    "warning TF_PLUGIN_CACHE_DIR",
    "There is no directory /srv/no-cache: tofu would complain, and download every provider again. unset TF_PLUGIN_CACHE_DIR",
  ],
  [
    "providers of a rehearsal that was",
    withEnvironment({ TF_REATTACH_PROVIDERS: argument }),
    "warning TF_REATTACH_PROVIDERS",
    "tofu would talk to providers that already run, such as those of a rehearsal, and not to the real ones. unset TF_REATTACH_PROVIDERS",
  ],
  [
    "several at once",
    withEnvironment({ TF_WORKSPACE: "staging", TF_DATA_DIR: "/srv/data" }),
    "warning TF_DATA_DIR",
    "tofu would keep its working data in /srv/data: a plan asks for another init, or goes by what another project left there. unset TF_DATA_DIR",
    "warning TF_WORKSPACE",
    "tofu would work in the workspace staging, which has a state of its own: every plan is refused, since one cluster is one directory. unset TF_WORKSPACE",
  ],
  [
    "one, beside a mistake in the file",
    withEnvironment({ TF_WORKSPACE: "staging" }, lines('cluster_name = "Prod"')),
    'tofu.tfvars:1  cluster_name = "Prod"',
    "Lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 40 characters.",
    "warning TF_WORKSPACE",
    "tofu would work in the workspace staging, which has a state of its own: every plan is refused, since one cluster is one directory. unset TF_WORKSPACE",
  ],
  [
    "those that bend nothing",
    withEnvironment({
      TF_WORKSPACE: "default",
      TF_DATA_DIR: "",
      TF_CLI_CONFIG_FILE: "/dev/null",
      TF_PLUGIN_CACHE_DIR: "/",
      TF_LOG: "debug",
      TF_VAR_other: "x",
    }),
  ],
  [
    "a variable of the environment with a mistake",
    withEnvironment({ TF_VAR_network_cidr: "10.0.0.0/8" }, lines("network_cidr = null")),
    'TF_VAR_network_cidr  network_cidr = "10.0.0.0/8"',
    "Allowed: /16 to /22.",
  ],
  [
    "a variable of the environment that cannot be read",
    withEnvironment({ TF_VAR_admin_ip: "[203.0.113.7" }, lines("admin_ip = null")),
    "TF_VAR_admin_ip",
    'Not a number. A string needs quotes: "…".',
  ],
  [
    "a private key in the environment",
    withEnvironment(
      { TF_VAR_bastion_ssh_keys: `{ scaleway = "${privateKey}" }` },
      lines("bastion_ssh_keys = null"),
    ),
    "TF_VAR_bastion_ssh_keys  bastion_ssh_keys.scaleway",
    "This is a private key. Put the public half here (the .pub file), and replace the key: it may have been copied already. Its text is not shown.",
  ],
];
