import { access } from "./access";
import { environment } from "./environment";
import { files } from "./files";
import { forms } from "./forms";
import { ingressRules } from "./ingress-rules";
import { insideNodes } from "./inside-nodes";
import { names } from "./names";
import { clusterNetwork } from "./cluster-network";
import { manifestFiles } from "./manifests";
import { network } from "./network";
import { nodes } from "./nodes";
import { original } from "./original";
import { patchRows } from "./patches";
import { poolRows } from "./pools";
import { places } from "./regions";
import { stateRows } from "./state";
import { syntax } from "./syntax";
import { versions } from "./versions";
import type { Row } from "./table";

/** The whole table, by what is wrong. */
export const themes: Readonly<Record<string, readonly Row[]>> = {
  "the file": files,
  "the syntax of the file": syntax,
  "names of variables and settings": names,
  "types of values": forms,
  access: access,
  "the private network": network,
  "the network inside the cluster": clusterNetwork,
  "files that the input names": manifestFiles,
  "the nodes": nodes,
  "pools of workers": poolRows,
  "ingress rules": ingressRules,
  "patches of machine configurations": patchRows,
  "regions, zones, machine types and images": places,
  versions: versions,
  "the state": stateRows,
  "the inside of nodes": insideNodes,
  "the environment": environment,
  "the HCL original's file": original,
};
