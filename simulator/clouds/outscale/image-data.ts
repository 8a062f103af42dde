/** The data source of one image, by filters with plural names or by id. */
import { Refusal, type DataSourceModel, type Values } from "../../protocol/model";
import { blocksOf, isTrue, listOf, stringOf, stringsOf } from "../values";
import type { Account } from "./account";
import type { Image } from "./objects";

type Selects = (image: Image, values: readonly string[]) => boolean;

const isOneOf =
  (property: (image: Image) => string): Selects =>
  (image, values) =>
    values.includes(property(image));

/** The filters that are modelled; only `image_names` accepts the wildcard. */
const FILTERS: Readonly<Record<string, Selects>> = {
  account_aliases: isOneOf(({ accountAlias }) => accountAlias),
  account_ids: isOneOf(({ accountId }) => accountId),
  architectures: isOneOf(({ architecture }) => architecture),
  boot_modes: ({ bootModes }, values) => values.some((mode) => bootModes.includes(mode)),
  image_ids: isOneOf(({ id }) => id),
  image_names: ({ name }, values) => values.some((pattern) => matches(name, pattern)),
  root_device_names: (_image, values) => values.includes("/dev/sda1"),
  root_device_types: (_image, values) => values.includes("bsu"),
  states: (_image, values) => values.includes("available"),
  tags: ({ tags }, values) =>
    Object.entries(tags).some(([key, value]) => values.includes(`${key}=${value}`)),
  tag_keys: ({ tags }, values) => Object.keys(tags).some((key) => values.includes(key)),
  tag_values: ({ tags }, values) => Object.values(tags).some((value) => values.includes(value)),
};

function matches(text: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}

export function imageData(account: Account): DataSourceModel {
  return {
    read(config) {
      const id = stringOf(config.image_id);
      const filters = blocksOf(config.filter);
      if (id === undefined && filters.length === 0 && listOf(config.permission).length === 0)
        throw new Refusal(
          "one of executable_users, filters, or account_id must be assigned, or image_id must be provided",
        );
      const selected = account.images
        .all()
        .filter((image) => id === undefined || image.id === id)
        .filter((image) => filters.every((filter) => selects(filter, image)));
      const [first] = selected;
      if (first === undefined)
        throw new Refusal(
          "your query returned no results, change your search criteria and try again",
        );
      if (selected.length > 1 && !isTrue(config.most_recent))
        throw new Refusal(
          "your query returned multiple results, use more specific search criteria",
        );
      return { ...config, ...shown(selected.reduce(newer, first)) };
    },
  };
}

function selects(filter: Values, image: Image): boolean {
  const name = stringOf(filter.name) ?? "";
  const select = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (select === undefined)
    throw new Refusal(
      `datasource filter '${name}' is not implemented in the provider or not supported by the api`,
    );
  return select(image, stringsOf(filter.values));
}

function newer(one: Image, other: Image): Image {
  return Date.parse(other.createdAt) > Date.parse(one.createdAt) ? other : one;
}

/** The attributes that data source and resource have in common. */
export function shown(image: Image): Values {
  return {
    id: image.id,
    image_id: image.id,
    image_name: image.name,
    image_type: "machine",
    account_alias: image.accountAlias,
    account_id: image.accountId,
    architecture: image.architecture,
    boot_modes: [...image.bootModes],
    secure_boot: false,
    tpm_mandatory: false,
    creation_date: image.createdAt,
    description: image.description ?? null,
    file_location: `${image.accountId}/${image.name}`,
    is_public: null,
    root_device_name: "/dev/sda1",
    root_device_type: "bsu",
    state: "available",
    state_comment: [{ state_code: "", state_message: "" }],
    product_codes: ["0001"],
    permissions_to_launch: [],
    request_id: null,
    tags: Object.entries(image.tags).map(([key, value]) => ({ key, value })),
    block_device_mappings: [
      {
        device_name: "/dev/sda1",
        virtual_device_name: "",
        bsu: [
          {
            delete_on_vm_deletion: true,
            iops: 0,
            snapshot_id: image.snapshot ?? image.id.replace("ami-", "snap-"),
            volume_size: image.sizeGiB,
            volume_type: "standard",
          },
        ],
      },
    ],
  };
}
