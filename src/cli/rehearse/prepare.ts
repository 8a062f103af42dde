import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SimulatorProcess } from "../../../simulator/process";
import type { Death } from "../../../simulator/runtime/program";
import { accountFor } from "../../simulated-account";
import { environmentVariable as passphraseVariable } from "../../state/passphrase";
import type { Synthesized } from "../../synth";
import type { Tofu } from "../../tofu/binary";
import { rehearsalMark } from "../../tofu/strays";
import type { DeepPrograms } from "./deep";
import type { Stage } from "./stage";
import { freePort, simulatedBastion } from "./tunnel";
import type { Workspace } from "./workspace";

export interface Preparation {
  readonly workplace: Workspace;
  readonly synthesized: Synthesized;
  readonly tofu: Tofu;
  /** @default - nothing real on the nodes */
  readonly deep?: DeepPrograms | undefined;
  /** Where the API's load balancer listens on 127.0.0.1. @default - any free port */
  readonly apiPort?: number;
  readonly died: (death: Death) => void;
}

/** Starts the simulated cloud of an input, with an empty account. */
export async function prepareStage({
  workplace,
  synthesized,
  tofu,
  deep,
  apiPort,
  died,
}: Preparation): Promise<Stage> {
  const { stackDirectory, cloud, spec } = synthesized;
  // A reader of the outputs must see what they are of.
  const mark = {
    output: { simulated: { value: `A simulated ${cloud.title}: nothing of this is real.` } },
  };
  writeFileSync(join(stackDirectory, rehearsalMark), JSON.stringify(mark));

  const simulator = await SimulatorProcess.start({
    directory: join(workplace.directory, "cloud"),
    tofuDirectory: stackDirectory,
    cloud: cloud.name,
    cloudOptions: accountFor(spec),
    bastionKey: workplace.key.publicText,
    deep: deep && {
      programs: deep.programs,
      clientAddress: spec.adminNetworks[0]?.host(0) ?? "",
      ...(apiPort === undefined ? {} : { apiPort }),
    },
  });
  simulator.onDeath(died);
  const before = (await simulator.objects()).counts;
  const tunnelPort = await freePort();
  const sshConfig = join(workplace.directory, "ssh_config");
  writeFileSync(sshConfig, `${simulatedBastion(simulator.ready.bastionPort).join("\n")}\n`);
  // Also for what --keep opens in this process.
  if (synthesized.state?.encryption === "passphrase") {
    process.env[passphraseVariable] = randomBytes(24).toString("base64url");
  }
  const passphrase = process.env[passphraseVariable];
  return {
    synthesized,
    environment: {
      OPENAETHER_SSH_CONFIG: sshConfig,
      OPENAETHER_SSH_KEY: workplace.key.file,
      ...(passphrase === undefined ? {} : { [passphraseVariable]: passphrase }),
    },
    simulator,
    tofu,
    tunnelPort,
    ...(deep === undefined ? {} : { deep }),
    before,
    variables: [
      `-var-file=${join(workplace.directory, workplace.inputName)}`,
      `-var=tunnel_port=${tunnelPort}`,
    ],
  };
}
