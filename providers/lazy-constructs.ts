import type { CloudConstructs } from "../constructs/cloud-provider";

/** What a cloud's `infrastructure.ts` exports. */
export interface InfrastructureModule {
  readonly infrastructure: CloudConstructs;
}

/**
 * A cloud's constructs, loaded by its first cluster: an app with one cloud does not load the bindings
 * of three.
 */
export function lazyConstructs(load: () => InfrastructureModule): CloudConstructs {
  return {
    createProvider: (...args) => load().infrastructure.createProvider(...args),
    create: (...args) => load().infrastructure.create(...args),
    createImage: (...args) => {
      load().infrastructure.createImage(...args);
    },
  };
}
