import { lines, type Row } from "./table";

export const versions: readonly Row[] = [
  [
    "no patch number",
    lines('talos_version = "v1.13"'),
    'tofu.tfvars:2  talos_version = "v1.13"',
    'A full version, such as "v1.14.1".',
  ],
  [
    "latest",
    lines('talos_version = "latest"'),
    'tofu.tfvars:2  talos_version = "latest"',
    'A full version, such as "v1.14.1".',
  ],
  [
    "a beta",
    lines('talos_version = "v1.14.1-beta.1"'),
    'tofu.tfvars:2  talos_version = "v1.14.1-beta.1"',
    'A full version, such as "v1.14.1".',
  ],
  [
    "an empty text",
    lines('talos_version = ""'),
    'tofu.tfvars:2  talos_version = ""',
    'A full version, such as "v1.14.1".',
  ],
  [
    "a Talos that is too old",
    lines('talos_version = "v1.8.4"'),
    'tofu.tfvars:2  talos_version = "v1.8.4"',
    "Allowed: v1.9 to v1.14; nodes refuse what is rendered for another.",
  ],
  [
    "a Talos that is too new",
    lines('talos_version = "v1.15.0"'),
    'tofu.tfvars:2  talos_version = "v1.15.0"',
    "Allowed: v1.9 to v1.14; nodes refuse what is rendered for another.",
  ],
  [
    "a Talos that gets no fixes any more",
    lines(
      'talos_version = "v1.12.8"',
      'kubernetes_version = "v1.35.1"',
      'image_name = "talos-v1.12.8"',
    ),
    'warning tofu.tfvars:2  talos_version = "v1.12.8"',
    "Talos v1.12 gets no fixes any more; v1.13 and v1.14 do.",
  ],
  [
    "a Kubernetes that Talos does not run yet",
    lines('kubernetes_version = "v1.38.0"'),
    'tofu.tfvars:3  kubernetes_version = "v1.38.0"',
    "Talos v1.14 runs Kubernetes v1.32 to v1.37.",
  ],
  [
    "a Kubernetes that Talos does not run any more",
    lines('kubernetes_version = "v1.31.2"'),
    'tofu.tfvars:3  kubernetes_version = "v1.31.2"',
    "Talos v1.14 runs Kubernetes v1.32 to v1.37.",
  ],
  [
    "an old Talos with a new Kubernetes",
    lines('talos_version = "v1.9.3"', 'image_name = "talos-v1.9.3"'),
    'tofu.tfvars:3  kubernetes_version = "v1.37.1"',
    "Talos v1.9 runs Kubernetes v1.27 to v1.32.",
    'warning tofu.tfvars:2  talos_version = "v1.9.3"',
    "Talos v1.9 gets no fixes any more; v1.13 and v1.14 do.",
  ],
  [
    "Kubernetes without a patch number",
    lines('kubernetes_version = "1.36"'),
    'tofu.tfvars:3  kubernetes_version = "1.36"',
    'A full version, such as "v1.37.1".',
  ],
  [
    "both versions swapped",
    lines('talos_version = "v1.37.1"', 'kubernetes_version = "v1.14.1"'),
    'tofu.tfvars:2  talos_version = "v1.37.1"',
    "Allowed: v1.9 to v1.14; nodes refuse what is rendered for another.",
  ],
];
