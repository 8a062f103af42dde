import js from "@eslint/js";
import { importX } from "eslint-plugin-import-x";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

/** What a folder may not import: architecture.md, "Layout", as lint sees it. */
const forbidden = (target, ...from) =>
  from.map((folder) => ({ target: `./${target}`, from: `./${folder}` }));

/** What the commands are built of, and what each may import of the others. */
const parts = {
  cluster: [],
  attach: ["cluster"],
  backup: ["cluster", "nodes"],
  restore: ["apply", "backup", "cluster", "nodes", "plan"],
  nodes: ["cluster"],
  plan: ["cluster", "nodes"],
  recovery: ["cluster", "plan"],
  apply: ["cluster", "nodes", "plan", "recovery"],
  doctor: ["cluster"],
  explain: ["cluster"],
  export: ["cluster"],
  image: ["apply", "cluster", "plan", "recovery"],
  init: ["cluster"],
  rehearse: ["cluster"],
  state: ["cluster", "nodes"],
  status: ["cluster", "nodes", "plan"],
};
const betweenParts = Object.entries(parts).flatMap(([part, imported]) => {
  const others = Object.keys(parts).filter((other) => other !== part && !imported.includes(other));
  return forbidden(`src/cli/${part}`, "src/cli/commands", ...others.map((one) => `src/cli/${one}`));
});

export default tseslint.config(
  {
    ignores: [
      "**/node_modules/",
      "dist/",
      "**/cdktf.out/",
      "bindings/*/lib/",
      "bindings/*/src/",
      "jest.config.js",
      // A user's own app: test/library checks its types.
      "examples/",
    ],
  },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver": { node: { extensions: [".ts", ".js", ".json"] } },
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // A string index into the environment or a JSON document is easier to read.
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }],
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
      "import-x/no-restricted-paths": [
        "error",
        {
          zones: [
            ...forbidden("constructs", "src", "providers", "simulator", "main.ts"),
            ...forbidden("providers", "src", "simulator", "main.ts"),
            { target: "./src/!(cli)/**", from: "./simulator" },
            ...forbidden("src/talos", "src/kubernetes", "src/tofu"),
            {
              target: "./src/talos",
              from: "./src/config",
              except: ["./talos-releases.ts", "./patches/secrets.ts"],
            },
            ...forbidden("src/kubernetes", "src/talos", "src/config", "src/tofu"),
            ...forbidden(
              "src/object-store",
              "src/talos",
              "src/kubernetes",
              "src/config",
              "src/tofu",
            ),
            ...forbidden("src", "main.ts"),
            ...forbidden("simulator", "src", "constructs", "providers", "main.ts"),
            // No cloud imports another; the registry imports all, and shared files import none.
            ...["scaleway", "ovh", "outscale"].map((cloud) => ({
              target: `./providers/${cloud}`,
              from: "./providers",
              except: [
                `./${cloud}`,
                "./credential-sources.ts",
                "./resolve-location.ts",
                "./lazy-constructs.ts",
                "./resolve-machine-types.ts",
                "./resolve-pools.ts",
              ],
            })),
            { target: "./src/!(cli)/**", from: "./src/cli" },
            ...betweenParts,
          ],
        },
      ],
      "import-x/no-extraneous-dependencies": [
        "error",
        { devDependencies: ["test/**", "simulator/test/**", "bench/**"], includeTypes: true },
      ],
      // Single resources: a barrel loads every one of a provider's.
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "^(@cdktf/provider-|#bindings/)[a-z]+(/lib)?$",
              message: "Import single resources (…/lib/<resource>), never the barrel.",
            },
          ],
        },
      ],
    },
  },
  {
    // Output may contain what others wrote: it passes src/view/output.ts, which escapes it.
    files: ["src/**/*.ts", "main.ts"],
    ignores: ["src/view/output.ts"],
    rules: {
      "no-console": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "CallExpression[callee.property.name='write'][callee.object.property.name=/^(stdout|stderr|out)$/], CallExpression[callee.property.name='write'][callee.object.name=/^(stdout|stderr|out)$/]",
          message: "Print by src/view/output.ts.",
        },
      ],
    },
  },
  {
    files: ["test/**/*.ts", "simulator/test/**/*.ts", "bench/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      // They read JSON and YAML whose form they are about to assert.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    files: ["**/*.js", "**/*.cjs", "**/*.mjs"],
    languageOptions: {
      globals: {
        require: "readonly",
        module: "writable",
        process: "readonly",
        console: "readonly",
        __dirname: "readonly",
      },
    },
  },
  prettier,
);
