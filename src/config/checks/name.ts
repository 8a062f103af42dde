import type { Report } from "../../../constructs/model/report";

/** A host name's label, with space for "-control-plane-999" in its 63 characters (RFC 1123). */
const clusterName = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** The cluster's name; reports one that a cloud or this program would refuse. */
export function checkName(name: string, report: Report): { readonly name: string } {
  const path = ["cluster_name"];
  if (!clusterName.test(name)) {
    report.error(
      path,
      "Lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 40 characters.",
    );
  }
  if (name in {}) {
    report.error(path, `${name} is reserved by the language of this program. Choose another name.`);
  }
  return { name };
}
