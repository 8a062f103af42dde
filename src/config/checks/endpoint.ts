import { kubernetesPort } from "../../../constructs/model/ports";
import type { Report } from "../../../constructs/model/report";

/** The placeholder of the HCL original's example. */
const placeholderEndpoint = "openaether.local";

/** A name alone, or a URL as in a kubeconfig. */
const nameOrUrl = new RegExp(`^(?:https://)?([^:/]+)(?::${kubernetesPort})?/?$`);

/** The host of a name or of an https URL; reports anything but the DNS name of a host. */
export function checkEndpoint(text: string, report: Report): string {
  const path = ["cluster_endpoint"];
  const name = nameOrUrl.exec(text.trim())?.[1] ?? "";
  if (name === placeholderEndpoint) {
    report.error(
      path,
      "Still the original's placeholder. Remove the line, or put your own name here.",
    );
  } else if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i.test(name)) {
    report.error(
      path,
      'A DNS name, such as "api.example.org", that you point at the load balancer once it exists. ' +
        "The load balancer's own address needs no line.",
    );
  }
  return name.toLowerCase();
}
