import type { Store } from "../../store";
import { notFound } from "./errors";
import { bareId } from "./ids";

/** The objects of one kind in the store, by full id. */
export class Collection<T extends { readonly id: string }> {
  constructor(
    private readonly store: () => Store,
    /** As the resource type that creates them: "scaleway_vpc". */
    readonly kind: string,
  ) {}

  /** In the order of creation. */
  all(): T[] {
    return Object.values(this.store().all<T>(this.kind));
  }

  get(id: string): T | undefined {
    return this.store().get<T>(this.kind, id);
  }

  /**
   * Finds the object of a resource's reference.
   * @param reference `locality/id` or a bare id.
   * @param locality Where the API is queried: that of the referring resource.
   * @throws Refusal 404 when there is none, or only one in another locality.
   */
  find(reference: string, locality: string): T {
    const [named] = reference.includes("/") ? reference.split("/") : [locality];
    const found = named === locality ? this.get(`${locality}/${bareId(reference)}`) : undefined;
    if (found === undefined) throw notFound(this.apiName, bareId(reference));
    return found;
  }

  put(object: T): T {
    this.store().put(this.kind, object.id, object);
    return object;
  }

  remove(id: string): void {
    this.store().remove(this.kind, id);
  }

  private get apiName(): string {
    return this.kind.replace(/^scaleway_(vpc_|lb_|instance_|ipam_|block_)?/, "");
  }
}
