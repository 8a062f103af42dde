import type { CallersProvider } from "../../stack/module-stack";

export interface ReadmeProps {
  /** The cluster's name. */
  readonly name: string;
  /** The cloud, as users call it. */
  readonly title: string;
  readonly provider: CallersProvider;
  /** The module's source from the current directory: "./modules/cluster". */
  readonly source: string;
}

/** The module's README: how to call it, and what to keep in mind. */
export function moduleReadme({ name, title, provider, source }: ReadmeProps): string {
  const settings = Object.entries(provider.arguments).map(
    ([argument, value]) => `  ${argument} = ${JSON.stringify(value)}`,
  );
  return `# The management cluster ${name} on ${title}, as a module

Written by \`openaether export\`. Edit \`tofu.tfvars\` and export again, in place of editing these files.

\`\`\`hcl
terraform {
  required_providers {
    ${provider.name} = {
      source  = ${JSON.stringify(provider.source)}
      version = ${JSON.stringify(provider.version)}
    }
  }
}

provider ${JSON.stringify(provider.name)} {
${settings.map((line) => `${line}\n`).join("")}}

module ${JSON.stringify(name)} {
  source = ${JSON.stringify(source)}
}

output "api" {
  value = module.${name}.api_address
}
\`\`\`

- Credentials come from the environment, or from the provider block.
- \`tunnel_port\` (50000) is the module's one variable: the local port at which the bootstrap's tunnel to Talos begins. Two clusters in one configuration need different ones.
- Outputs: \`api_address\`, \`bastion_address\`, \`bastion_host_key\`, \`egress_address\`, \`network_id\`, \`nodes\`; and, sensitive, \`kubeconfig\`, \`talosconfig\`, \`kubernetes_client\`, \`machine_secrets\`. No file is written.
- The machine that applies needs \`bash\`, OpenSSH's client and a key that the bastion accepts.
- The state contains every key of the cluster: keep it where its readers may have them.
`;
}
