import type { CloudConstructs } from "../constructs/cloud-provider";

/** What a cloud creates for a cluster. */
export type ClusterConstructs = Omit<CloudConstructs, "createImage">;

/** What a cloud's `infrastructure.ts` exports. */
export interface InfrastructureModule {
  readonly infrastructure: ClusterConstructs;
}

/** What a cloud's `image.ts` exports. */
export type ImageModule = Pick<CloudConstructs, "createImage">;

/**
 * A cloud's constructs, loaded by its first cluster and its first image: an app with one cloud does
 * not load the bindings of three.
 */
export function lazyConstructs(
  load: () => InfrastructureModule,
  loadImage: () => ImageModule,
): CloudConstructs {
  return {
    createProvider: (...args) => load().infrastructure.createProvider(...args),
    create: (...args) => load().infrastructure.create(...args),
    createImage: (...args) => {
      loadImage().createImage(...args);
    },
  };
}
