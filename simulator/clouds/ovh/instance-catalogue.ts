/** Image and flavor of an instance: an id takes precedence over a name, which must be unique. */
import { Refusal, type Values } from "../../protocol/model";
import { stringOf } from "../values";
import type { Account } from "./account";
import { FLAVORS, flavorId, type Flavor } from "./catalogue";
import { computeError } from "./errors";
import { allImages, isActive } from "./image";
import type { Image } from "./objects";

export function flavorsIn(account: Account, region: string): Flavor[] {
  const isLarge = (account.limits.regions[region]?.length ?? 0) > 1;
  return FLAVORS.filter(({ thirdGeneration }) => thirdGeneration || !isLarge);
}

/** @throws Refusal with the provider's message, or ApiError with Nova's. */
export function flavorFor(planned: Values, account: Account, region: string): Flavor {
  const flavors = flavorsIn(account, region);
  const id = stringOf(planned.flavor_id);
  const name = stringOf(planned.flavor_name);
  if (id === undefined && name === undefined)
    throw new Refusal("Neither a flavor_id or flavor_name could be determined");
  const found = flavors.find((flavor) =>
    id === undefined ? flavor.name === name : flavorId(region, flavor) === id,
  );
  if (found !== undefined) return found;
  throw id === undefined
    ? new Refusal(`Unable to find flavor with name ${name}`)
    : computeError(400, `Flavor ${id} could not be found.`);
}

/** @throws Refusal with the provider's message, or ApiError with Nova's. */
export function imageFor(account: Account, planned: Values, region: string): Image {
  const images = allImages(account, region);
  const id = stringOf(planned.image_id);
  const name = stringOf(planned.image_name);
  if (id !== undefined) {
    const found = images.find((image) => image.id === id);
    if (found === undefined) throw computeError(400, "Can not find requested image");
    if (!isActive(found)) throw computeError(400, `Image ${id} is not active.`);
    return found;
  }
  if (name === undefined)
    throw new Refusal("Neither a boot device, image ID, or image name were able to be determined");
  const named = images.filter((image) => image.name === name);
  const [only] = named;
  if (only === undefined) throw new Refusal(`Unable to find image with name ${name}`);
  if (named.length > 1) throw new Refusal(`Found ${named.length} images matching ${name}`);
  return only;
}
