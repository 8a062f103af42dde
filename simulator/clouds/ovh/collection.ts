import type { Store } from "../../store";
import type { ApiError } from "./errors";

/** The objects of one kind in the store, by id. */
export class Collection<T extends { readonly id: string; readonly region: string }> {
  constructor(
    private readonly store: () => Store,
    /** As the resource type that creates them: "openstack_networking_port_v2". */
    readonly kind: string,
    /** The API's error when there is none. */
    private readonly missing: (id: string) => ApiError,
  ) {}

  /** In the order of creation. */
  all(): T[] {
    return Object.values(this.store().all<T>(this.kind));
  }

  get(id: string): T | undefined {
    return this.store().get<T>(this.kind, id);
  }

  /** @throws ApiError when there is none, or only one in another region. */
  find(id: string, region: string): T {
    const found = this.get(id);
    if (found?.region !== region) throw this.missing(id);
    return found;
  }

  put(object: T): T {
    this.store().put(this.kind, object.id, object);
    return object;
  }

  remove(id: string): void {
    this.store().remove(this.kind, id);
  }
}
