import type { Store } from "../../store";
import { notFound, type Thing } from "./errors";
import type { ApiObject } from "./objects";

/** The objects of one kind in the store, by id. */
export class Collection<T extends ApiObject> {
  constructor(
    private readonly store: () => Store,
    /** As the resource type that creates them: "outscale_net". */
    readonly kind: string,
    private readonly thing: Thing,
  ) {}

  /** In the order of creation. */
  all(): T[] {
    return Object.values(this.store().all<T>(this.kind));
  }

  get(id: string): T | undefined {
    return this.store().get<T>(this.kind, id);
  }

  /** @throws ApiError 5xxx when there is none. */
  find(id: string): T {
    const found = this.get(id);
    if (found === undefined) throw notFound(this.thing, id);
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
