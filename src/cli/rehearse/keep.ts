import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { shellWord } from "../../../constructs/shell-word";
import { UserError } from "../../errors";
import { isolatedEnvironment } from "../../tofu/process";
import { bucketVariables } from "../../state/bucket-variables";
import { stateVariables } from "../../state/passphrase";
import { StepFailure } from "../../view/steps";
import { apiVariable } from "../cluster/api-endpoint";
import { ClusterDirectory } from "../cluster/directory";
import { closeTunnel, openTunnel } from "../cluster/tunnel";
import type { Stage } from "./stage";
import type { Workspace } from "./workspace";

/** The first line of the client files that a rehearsal writes beside the user's. */
const mark = "# Of a kept rehearsal: removed at its end.";
const clientFiles = ["kubeconfig.simulated", "talosconfig.simulated"] as const;

/** @throws UserError when a client file of something else than a rehearsal is in the way */
export function refuseOthersFiles(directory: string): void {
  for (const name of clientFiles) {
    const file = join(directory, name);
    const content = existsSync(file) ? readFileSync(file, "utf8") : "";
    // talosctl writes a file without credentials where it finds none.
    if (content.startsWith(mark) || !content.includes("key")) continue;
    throw new UserError(
      `${file} is here already, of a simulated cluster. A kept rehearsal would replace it: delete it, or rehearse in another directory.`,
    );
  }
}

export interface Kept {
  /** Commands for a look around, a line each. */
  readonly lines: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * Opens a tunnel to the first control plane for as long as this process runs, and writes what other
 * terminals need.
 * @param apiPort Where the load balancer of a deep rehearsal listens on 127.0.0.1
 * @throws StepFailure when the tunnel does not open
 */
export async function keepOpen(
  stage: Stage,
  workspace: Workspace,
  directory: string,
  apiPort: number | undefined,
): Promise<Kept> {
  const home = workspace.directory;
  const options = { dir: home, file: join(home, workspace.inputName) };
  const cluster = ClusterDirectory.find(options);
  const [node = ""] = cluster.addresses.keys();
  const opened = await openTunnel(cluster, options, {
    node,
    owner: process.pid,
    environment: stage.environment,
  });
  if (opened.code !== 0) throw new StepFailure("no tunnel to the first control plane");

  const close = async () => {
    await closeTunnel(cluster);
  };
  const environment = join(home, "environment");
  writeFileSync(environment, exportsFor(stage, apiPort));
  const tofu = `${shellWord(stage.tofu.path)} -chdir=${shellWord(cluster.stackDirectory)}`;
  const simulated = [
    `. ${shellWord(environment)}`,
    `./openaether status --dir ${shellWord(home)}`,
    `${tofu} state list`,
  ];
  const talosctl = (file: string) =>
    `talosctl --talosconfig ${shellWord(file)} -n ${opened.address}`;
  if (apiPort === undefined) {
    const talosconfig = join(home, "talosconfig.simulated");
    return { lines: [`${talosctl(talosconfig)} version`, ...simulated], close };
  }
  const [kubeconfig, talosconfig] = clientFiles;
  const of = (name: string) => readFileSync(join(home, name), "utf8");
  for (const name of clientFiles) workspace.owns(resolve(directory, name));
  writeClientFile(join(directory, kubeconfig), throughPort(of(kubeconfig), apiPort));
  writeClientFile(join(directory, talosconfig), of(talosconfig));
  return {
    lines: [
      `kubectl --kubeconfig ${kubeconfig} get nodes,pods -A`,
      `${talosctl(talosconfig)} etcd status`,
      ...simulated,
    ],
    close: async () => {
      for (const name of clientFiles) rmSync(join(directory, name), { force: true });
      await close();
    },
  };
}

/**
 * What destroys a kept cluster: its state may have been encrypted or moved meanwhile, and its input edited
 * without being synthesized.
 * @throws UserError without a passphrase, or credentials for the state's bucket
 */
export async function asKept(
  stage: Stage,
  { directory: home, inputName }: Workspace,
): Promise<Stage> {
  const { state, bucket } = ClusterDirectory.find({ dir: home, file: join(home, inputName) });
  return {
    ...stage,
    environment: {
      ...stage.environment,
      ...bucketVariables(bucket, process.env),
      ...(await stateVariables(state, { home, environment: process.env })),
    },
    variables: stage.variables.filter((one) => !one.startsWith("-var-file")),
  };
}

/**
 * A kubeconfig that reaches the API at a port of 127.0.0.1, and still checks that the certificate is
 * for the load balancer's address.
 */
export function throughPort(kubeconfig: string, port: number): string {
  const config = parse(kubeconfig) as {
    clusters: { cluster: { server: string; "tls-server-name"?: string } }[];
  };
  for (const { cluster } of config.clusters) {
    cluster["tls-server-name"] = new URL(cluster.server).hostname;
    cluster.server = `https://127.0.0.1:${port}`;
  }
  return stringify(config, { lineWidth: 0 });
}

function writeClientFile(file: string, content: string): void {
  // The mode of an existing file would stay.
  rmSync(file, { force: true });
  writeFileSync(file, `${mark}\n${content}`, { mode: 0o600 });
}

/** What a shell needs to run tofu by hand on the same simulated cloud. */
function exportsFor(stage: Stage, apiPort: number | undefined): string {
  return Object.entries(variablesFor(stage, apiPort))
    .map(([name, value]) => `export ${name}=${shellWord(value)}\n`)
    .join("");
}

/**
 * What the command line and tofu find in their environment on the simulated cloud of a stage.
 * @param apiPort Where the load balancer of a deep rehearsal listens on 127.0.0.1
 */
export function variablesFor(
  { simulator, tunnelPort, environment }: Stage,
  apiPort: number | undefined,
): Readonly<Record<string, string>> {
  const isolated = Object.entries(isolatedEnvironment(simulator.reattachProviders));
  return {
    ...Object.fromEntries(isolated.filter(([name]) => /^(TF_|CHECKPOINT)/.test(name))),
    TF_VAR_tunnel_port: String(tunnelPort),
    ...environment,
    ...(apiPort === undefined ? {} : { [apiVariable]: `127.0.0.1:${apiPort}` }),
  };
}
