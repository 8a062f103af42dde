import type { ClusterSpec } from "../../../../constructs/cluster";
import type { Explained } from "../network";

export interface PageProps extends Explained {
  readonly title: string;
  /** "what stands" */
  readonly source: string;
  readonly spec: ClusterSpec;
}

/** One HTML file that needs no other. */
export function page(props: PageProps): Promise<string> {
  return Promise.resolve(`<!doctype html><title>${props.title}</title>`);
}
