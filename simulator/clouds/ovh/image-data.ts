/** Data source of images: exactly one active image, or the newest where several are allowed. */
import { Refusal, type DataSourceModel, type Values } from "../../protocol/model";
import type { Check } from "../checks";
import { isTrue, mapOf, numberOf, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import { oneOf, validateWith } from "./checks";
import { checkRegion } from "./endpoints";
import { allImages, isActive, shownFile } from "./image";
import type { Image } from "./objects";

export const NO_RESULTS =
  "Your query returned no results. Please change your search criteria and try again.";

export function imageData(account: Account): DataSourceModel {
  return {
    validate: (config) =>
      validateWith(
        {
          values: {
            visibility: oneOf("public", "private", "shared", "community"),
            member_status: oneOf("accepted", "pending", "rejected", "all"),
            sort: sortFilter,
          },
          conflicts: { name: ["name_regex"], name_regex: ["name"] },
        },
        config,
      ),
    read(config) {
      const region = stringOf(config.region) ?? account.region;
      checkRegion(account, region, "image");
      const found = allImages(account, region).filter(
        (image) => isActive(image) && matches(image, config),
      );
      if (found.length === 0) throw new Refusal(NO_RESULTS);
      if (found.length > 1 && !isTrue(config.most_recent))
        throw new Refusal(
          "Your query returned more than one result. Please try a more specific search criteria, or set `most_recent` attribute to true.",
        );
      const [newest] = found.sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
      return { ...config, ...(newest && shown(newest)), region };
    },
  };
}

/** Sort keys of Glance, each with or without a direction. */
const SORT_KEYS = [
  ...["name", "owner", "protected", "status", "tag", "visibility", "container_format"],
  ...["disk_format", "os_hidden", "member_status", "created_at", "updated_at"],
];

const sortFilter: Check = (value) => {
  const keys = (stringOf(value) ?? "").split(",").map((part) => part.split(":")[0] ?? "");
  const wrong = keys.find((key) => !SORT_KEYS.includes(key));
  if (wrong === undefined) return undefined;
  const known = SORT_KEYS.map((key) => `"${key}"`).join(" ");
  return { summary: `Invalid sorting key: ${wrong}. Has to be one of: [${known}]` };
};

function shown(image: Image): Values {
  return {
    ...shownFile(image),
    id: image.id,
    name: image.name,
    tags: image.tags,
    container_format: image.containerFormat,
    disk_format: image.diskFormat,
    min_disk_gb: image.minDiskGB,
    min_ram_mb: image.minRamMB,
    owner: image.projectId,
    protected: image.protected,
    visibility: image.visibility,
    hidden: image.hidden,
    properties: image.properties,
    sort: "name:asc",
  };
}

function matches(image: Image, config: Values): boolean {
  const same = (name: string, value: string) => (stringOf(config[name]) ?? value) === value;
  const pattern = stringOf(config.name_regex);
  const tags = [
    ...stringsOf(config.tags),
    ...(stringOf(config.tag) ? [stringOf(config.tag) ?? ""] : []),
  ];
  const properties = Object.entries(mapOf(config.properties));
  return (
    same("name", image.name) &&
    same("visibility", image.visibility) &&
    same("owner", image.projectId) &&
    same("container_format", image.containerFormat) &&
    same("disk_format", image.diskFormat) &&
    isTrue(config.hidden) === image.hidden &&
    image.sizeBytes >= (numberOf(config.size_min) ?? 0) &&
    image.sizeBytes <= (numberOf(config.size_max) ?? Infinity) &&
    tags.every((tag) => image.tags.includes(tag)) &&
    properties.every(([name, value]) => image.properties[name] === value) &&
    (pattern === undefined || new RegExp(pattern).test(image.name))
  );
}
