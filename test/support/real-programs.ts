import type { Programs } from "../../simulator/runtime/programs";
import {
  etcdMinors,
  findEtcd,
  findKubernetes,
  findTalosctl,
  kubernetesMinors,
} from "../../src/programs/real-programs";

/** What the deep tests use, beside what runs on nodes. */
export interface TestPrograms extends Programs {
  readonly kubectl: string;
  readonly talosctl: string;
}

/** The newest Kubernetes that can be built: of the default of `kubernetes_version`. */
const newestKubernetes = kubernetesMinors().at(-1) ?? "";

const search = {
  environment: process.env,
  progress: (message: string) => {
    process.stderr.write(`${message}\n`);
  },
};

/** Found, or built once in the cache. */
export async function realPrograms(): Promise<TestPrograms> {
  const talosctl = await findTalosctl(search);
  const etcd: Record<string, Programs["etcd"][string]> = {};
  for (const minor of etcdMinors()) {
    const found = await findEtcd(minor, search);
    etcd[minor] = { etcd: pathOf(found["etcd"]), etcdutl: pathOf(found["etcdutl"]) };
  }
  const kubernetes: Record<string, Programs["kubernetes"][string]> = {};
  let kubectl = "";
  for (const minor of kubernetesMinors()) {
    const found = await findKubernetes(minor, search);
    kubernetes[minor] = {
      apiServer: pathOf(found["kube-apiserver"]),
      controllerManager: pathOf(found["kube-controller-manager"]),
      scheduler: pathOf(found["kube-scheduler"]),
    };
    if (minor === newestKubernetes) kubectl = pathOf(found["kubectl"]);
  }
  return { talosctl: talosctl.path, kubectl, etcd, kubernetes };
}

function pathOf(program: { readonly path: string } | undefined): string {
  if (program === undefined) throw new Error("a program was found, and is not there");
  return program.path;
}
