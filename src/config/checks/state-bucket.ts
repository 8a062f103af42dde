import type { Report } from "../../../constructs/model/report";
import { nearest } from "../../../constructs/model/suggestion";
import { cloudInfo } from "../../../providers/info";
import type { Bucket } from "../../object-store/bucket";
import type { GivenBucket } from "../schema/state-bucket";

/** What every store accepts in a path (S3's rules, without the period, which some stores refuse). */
const bucketName = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** Checks what the form of a bucket cannot. @param path "state.bucket", in steps */
export function checkBucket(given: GivenBucket, path: readonly string[], report: Report): void {
  const { cloud, endpoint, region, name } = given;
  if (cloud === undefined && endpoint === undefined) {
    report.error(path, 'Whose store? cloud = "scaleway", or endpoint = "https://…".');
  }
  if (cloud !== undefined && endpoint !== undefined) {
    report.error(
      [...path, "endpoint"],
      `cloud is there too, whose endpoint is known. Keep one of them.`,
    );
  }
  if (cloud !== undefined) {
    const { title, objectStore } = cloudInfo[cloud];
    if (!objectStore.regions.includes(region)) {
      const others = ` ${title} stores objects in ${objectStore.regions.join(", ")}.`;
      report.error(
        [...path, "region"],
        `No such region.${nearest(region, objectStore.regions)}${others}`,
      );
    }
  }
  if (endpoint !== undefined && !isEndpoint(endpoint)) {
    report.error(
      [...path, "endpoint"],
      "Not the address of a store: https://, a host and no path. http:// only for 127.0.0.1.",
    );
  }
  if (!bucketName.test(name)) {
    report.error(
      [...path, "name"],
      "Not a bucket's name: 3 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or a digit.",
    );
  }
}

/** A bucket whose settings passed the checks. */
export function bucketOf({ cloud, endpoint = "", region, name, profile }: GivenBucket): Bucket {
  const store = cloud === undefined ? undefined : cloudInfo[cloud].objectStore;
  return {
    endpoint: store?.endpoint(region) ?? endpoint.replace(/\/$/, ""),
    region,
    name,
    ...(profile === undefined ? {} : { profile }),
    ...(store === undefined ? {} : { store }),
  };
}

/** Nothing is sent in clear over a network. */
function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash, username } = new URL(text);
  const isLocal = hostname === "127.0.0.1" || hostname === "localhost";
  const isSafe = protocol === "https:" || (protocol === "http:" && isLocal);
  return isSafe && pathname === "/" && search === "" && hash === "" && username === "";
}
