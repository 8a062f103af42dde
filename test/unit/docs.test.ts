import { describe, expect, test } from "@jest/globals";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { cloudInfo } from "../../providers/info";
import { sells, zones } from "../../providers/scaleway/catalog";
import { reference } from "../../src/config/schema/reference";
import { propsSource } from "../../src/library/props-source";
import type { Setting, Variable } from "../../src/config/schema/declaration";
import { settings } from "../../src/config/schema/settings";
import { tunnelPort } from "../../src/config/schema/tunnel-port";
import { parseTfvars } from "../../src/config/syntax/tfvars";
import { replacedVariables, variableNames, variables } from "../../src/config/schema/variables";
import { ciliumManifest, namespaceManifest } from "../support/manifests";
import { problemsOf, single, specOf, synthesized, values } from "../support/input";

const root = join(__dirname, "..", "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const pages = [
  "README.md",
  "SECURITY.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name))
    .sort(),
];

test("docs/configuration.md is generated from the variables; `npm run docs` refreshes it", () => {
  expect(read("docs/configuration.md")).toBe(reference());
});

test("the library's props are generated from the same declarations", () => {
  expect(read("src/library/cluster-spec-props.ts")).toBe(propsSource());
});

describe("what the reference shows is accepted:", () => {
  const errors = (given: Parameters<typeof problemsOf>[0]) =>
    problemsOf(given).filter((line) => line.startsWith("error"));

  test.each((variables as readonly Variable[]).map(({ name, example }) => [name, example ?? ""]))(
    "%s",
    async (_name, example) => {
      const { values: shown } = await parseTfvars("tofu.tfvars", example);
      expect(errors(values({ workers: 1 }, withContents(shown) as object))).toEqual([]);
    },
  );

  /** In place of a file's path what it could hold. */
  function withContents(value: unknown): unknown {
    if (value === "./cilium.yaml") return ciliumManifest();
    if (typeof value === "string" && /^\.\/.*\.yaml$/.test(value)) {
      return `${namespaceManifest}# ${value}\n`;
    }
    if (Array.isArray(value)) return value.map(withContents);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, withContents(item)]),
    );
  }

  test.each(
    Object.entries<Setting>(settings).flatMap(([name, { example }]) =>
      example === undefined ? [] : [[name, example]],
    ),
  )("%s", async (name, example) => {
    const { values: shown } = await parseTfvars("tofu.tfvars", example);
    const image_name = name === "image_id" ? undefined : single.image_name;
    expect(errors(values({ image_name, ...shown }))).toEqual([]);
  });
});

test("the reference's defaults on Scaleway are those that a cluster gets", () => {
  const spec = specOf(
    values({ zones: undefined, region: "fr-par", image_name: undefined, workers: 1 }),
  );
  const reported = (name: keyof typeof settings) =>
    settings[name].default as Readonly<Record<string, string>>;
  expect({
    zone: `the first of \`zones\`, else ${spec.zone.replace(spec.region, "`<region>")}\``,
    control_plane: `\`${spec.nodes[0]!.machineType}\``,
    worker: `\`${spec.nodes[1]!.machineType}\``,
    image: "name" in spec.nodeImage && `\`${spec.nodeImage.name}\``,
    disk: String(spec.nodes[0]!.rootVolumeGb),
    bastion: [`\`${spec.bastion.machineType}\``, `\`${spec.bastion.image}\``],
  }).toEqual({
    zone: reported("zone")["scaleway"],
    control_plane: reported("control_plane_instance_type")["scaleway"]?.split(", ")[0],
    worker: reported("worker_instance_type")["scaleway"]?.split(", ")[0],
    image: reported("image_name")["scaleway"],
    disk: reported("root_volume_gb")["scaleway"],
    bastion: [reported("bastion_instance_type")["scaleway"], reported("bastion_image")["scaleway"]],
  });
});

test("the migration page mentions every variable and every setting, the original's and ours", () => {
  const page = read("docs/migration.md");
  const names = [
    ...variableNames,
    ...replacedVariables.keys(),
    tunnelPort.name,
    ...Object.keys(settings),
  ];
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

describe("the Scaleway page", () => {
  const page = read("docs/clouds/scaleway.md");

  test("names the platform of the image that image create downloads", () => {
    const [platform = ""] = cloudInfo.scaleway.talos.imageFile.split("-");
    expect(page).toContain(`**Platform: ${platform}**`);
  });

  test("names every zone that is accepted", () => {
    const accepted = [...zones.keys()].filter((zone) => sells(zone, "blockStorage"));
    expect(accepted.filter((zone) => !page.includes(zone))).toEqual([]);
  });
});

test("troubleshooting names resources that exist", () => {
  const { addresses } = synthesized(values());
  const page = read("docs/troubleshooting.md");
  const used = [...page.matchAll(/(?:-replace=|tofu\.tfvars )([a-z_]+\.[a-z_]+)/g)].map(
    ([, address = ""]) => address,
  );
  expect(used.length).toBeGreaterThan(2);
  expect(used.filter((address) => !addresses.includes(address))).toEqual([]);
});

describe.each(pages)("%s", (page) => {
  const text = withoutCode(read(page));

  test("links to existing files and headings", () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    expect(
      links.filter((target) => !/^(https?|mailto):/.test(target) && !leads(page, target)),
    ).toEqual([]);
  });

  test("contains no path of one machine", () => {
    expect(read(page)).not.toMatch(/\/(?:work|root|tmp|Users|home\/[a-z]+)\//);
  });
});

test("every page is linked from the README", () => {
  const reached = new Set(["README.md"]);
  for (const page of reached) {
    for (const [, target = ""] of withoutCode(read(page)).matchAll(
      /\]\(([^)\s#]+)(?:#[^)]*)?\)/g,
    )) {
      const file = relative(root, resolve(root, dirname(page), target));
      if (file.endsWith(".md") && existsSync(join(root, file))) reached.add(file);
    }
  }
  expect(pages.filter((page) => !reached.has(page))).toEqual([]);
});

/** Whether a link of a page leads to an existing file, and to an existing heading where it names one. */
function leads(page: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? join(root, page) : resolve(root, dirname(page), path);
  if (!existsSync(file)) return false;
  return anchor === undefined || (statSync(file).isFile() && anchors(file).includes(anchor));
}

/** The anchors of a page's headings, as GitHub generates them. */
function anchors(file: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutCode(readFileSync(file, "utf8")).matchAll(/^#+ (.+)$/gm)].map(
    ([, heading = ""]) => {
      const anchor = heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{M}\p{N}_\- ]/gu, "")
        .replaceAll(" ", "-");
      const before = seen.get(anchor) ?? 0;
      seen.set(anchor, before + 1);
      return before === 0 ? anchor : `${anchor}-${before}`;
    },
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, "");
}
