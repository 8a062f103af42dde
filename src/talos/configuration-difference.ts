import { isDeepStrictEqual } from "node:util";
import {
  type ConfigurationDocument,
  configurationDocuments,
  type ConfigurationMap,
  type ConfigurationValue,
  isMap,
  mainKind,
  titleOf,
} from "./configuration-documents";
import { changedItems, listsByIdentity } from "./configuration-lists";
import { type Component, componentAt, imageReference } from "./image-tags";
import { isItem } from "./secret-paths";
import { shownPair } from "./shown-difference";

/** A setting that a node runs with another value than it should. Nothing in it is secret. */
export interface ConfigurationDifference {
  /** "machine.sysctls.vm.max_map_count", "HostnameConfig: hostname", "NetworkRuleConfig etcd" */
  readonly path: string;
  /** The kind of its document: "v1alpha1" for the one with machine and cluster. */
  readonly kind: string;
  /** Keys from the document on, and "[0]" or "[eth0]" for an item of a list; none for all of it. */
  readonly steps: readonly string[];
  /** What runs, shortened; "(secret)" for a secret. @default - it is not set */
  readonly before?: string;
  /** What is wanted. @default - it is not to be set */
  readonly after?: string;
}

/** The tag of an image that is a version: an upgrade changes it. */
export interface VersionDifference {
  readonly path: string;
  readonly component: Component;
  /** "v1.36.3" @default - the image has no tag */
  readonly before?: string;
  readonly after?: string;
}

export interface ConfigurationComparison {
  readonly changes: readonly ConfigurationDifference[];
  readonly versions: readonly VersionDifference[];
}

/**
 * What differs between the machine configuration that a node runs and the one that it should. The
 * order of keys, comments, nulls, empty maps and empty lists do not count; the order of lists does.
 * @throws UnreadableConfiguration
 */
export function compareConfigurations(running: string, wanted: string): ConfigurationComparison {
  const [before, after] = [configurationDocuments(running), configurationDocuments(wanted)];
  const found = new Comparison();
  for (const title of new Set([...after.keys(), ...before.keys()])) {
    const [one, other] = [before.get(title), after.get(title)];
    const document = other ?? one;
    if (document !== undefined) found.document(document, one?.content, other?.content);
  }
  return found;
}

class Comparison implements ConfigurationComparison {
  readonly changes: ConfigurationDifference[] = [];
  readonly versions: VersionDifference[] = [];
  private kind = "";
  private title = "";

  document(
    document: ConfigurationDocument,
    before: ConfigurationMap | undefined,
    after: ConfigurationMap | undefined,
  ): void {
    this.kind = document.kind;
    this.title = titleOf(document);
    if (this.kind === mainKind || (before !== undefined && after !== undefined)) {
      this.maps(before ?? {}, after ?? {}, []);
    } else this.add([], before, after);
  }

  private values(
    before: ConfigurationValue | undefined,
    after: ConfigurationValue | undefined,
    steps: readonly string[],
  ): void {
    if (isDeepStrictEqual(before, after)) return;
    const [left, right] = [before ?? {}, after ?? {}];
    if (isMap(left) && isMap(right)) this.maps(left, right, steps);
    else if (Array.isArray(before ?? []) && Array.isArray(after ?? [])) {
      this.lists(asList(before), asList(after), steps);
    } else this.images(before, after, steps);
  }

  private maps(before: ConfigurationMap, after: ConfigurationMap, steps: readonly string[]): void {
    for (const key of new Set([...Object.keys(after), ...Object.keys(before)])) {
      this.values(before[key], after[key], [...steps, key]);
    }
  }

  private lists(
    before: readonly ConfigurationValue[],
    after: readonly ConfigurationValue[],
    steps: readonly string[],
  ): void {
    const items = listsByIdentity(before, after);
    if (items === undefined) {
      const [left, right] = changedItems(before, after).map((list) =>
        list.length === 0 ? undefined : list,
      );
      this.add(steps, left, right);
      return;
    }
    if (items.order !== undefined) this.add(steps, ...items.order);
    for (const { step, before: one, after: other } of items.pairs) {
      if (one !== undefined && other !== undefined) this.values(one, other, [...steps, step]);
      else this.add([...steps, step], one, other);
    }
  }

  /** A tag is a version; the rest of an image is a setting like others. */
  private images(
    before: ConfigurationValue | undefined,
    after: ConfigurationValue | undefined,
    steps: readonly string[],
  ): void {
    const component = componentAt(this.kind, steps);
    if (component === undefined || typeof before !== "string" || typeof after !== "string") {
      this.add(steps, before, after);
      return;
    }
    const [left, right] = [imageReference(before), imageReference(after)];
    if (left.repository !== right.repository) this.add(steps, left.repository, right.repository);
    if (left.tag !== right.tag) {
      this.versions.push({
        path: this.pathOf(steps),
        component,
        ...(left.tag === undefined ? {} : { before: left.tag }),
        ...(right.tag === undefined ? {} : { after: right.tag }),
      });
    }
  }

  private add(
    steps: readonly string[],
    before: ConfigurationValue | undefined,
    after: ConfigurationValue | undefined,
  ): void {
    const { kind } = this;
    if (isDeepStrictEqual(before, after)) return;
    const shown = shownPair(kind, steps, before, after);
    this.changes.push({ path: this.pathOf(steps), kind, steps, ...shown });
  }

  private pathOf(steps: readonly string[]): string {
    const path = steps
      .map((step, index) => (index === 0 || isItem(step) ? step : `.${step}`))
      .join("");
    if (this.title === "" || path === "") return this.title + path;
    return `${this.title}: ${path}`;
  }
}

function asList(value: ConfigurationValue | undefined): readonly ConfigurationValue[] {
  return Array.isArray(value) ? (value as readonly ConfigurationValue[]) : [];
}
