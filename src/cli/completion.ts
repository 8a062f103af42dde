import type { Command, Option } from "commander";

/** The shells with completion. */
export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** A script for a shell to evaluate, generated from the commands and options. */
export function completion(program: Command, shell: Shell): string {
  return { bash, zsh, fish }[shell](program);
}

const optionsOf = (command: Command) => command.options.filter(({ hidden }) => !hidden);
const namesOf = ({ long, short }: Option) =>
  [long, short].filter((name): name is string => typeof name === "string");

/** Words by their command; "" is before any. */
function words(program: Command): [command: string, words: string[]][] {
  const commands = program.commands.map((command): [string, string[]] => [
    command.name(),
    [
      ...command.commands.map((inner) => inner.name()),
      ...[command, ...command.commands].flatMap(optionsOf).flatMap(namesOf),
      "--help",
    ],
  ]);
  const first = [...commands.map(([name]) => name), "--help", "--version"];
  return [["", first], ...commands];
}

function bash(program: Command): string {
  const cases = words(program).map(
    ([command, all]) => `    ${command === "" ? '""' : command}) words="${all.join(" ")}" ;;`,
  );
  return `# bash: eval "$(openaether completion bash)"
_openaether() {
  local words="" command=""
  [ "$COMP_CWORD" -gt 1 ] && command="\${COMP_WORDS[1]}"
  case "$command" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _openaether openaether ./openaether
`;
}

function zsh(program: Command): string {
  return `# zsh: eval "$(openaether completion zsh)"
autoload -Uz bashcompinit && bashcompinit
${bash(program).split("\n").slice(1).join("\n")}`;
}

function fish(program: Command): string {
  const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
  const lines = program.commands.flatMap((command) => [
    `complete -c openaether -n __fish_use_subcommand -f -a ${command.name()} -d ${quoted(command.description())}`,
    ...optionsOf(command).flatMap(({ long, description }) =>
      typeof long === "string"
        ? [
            `complete -c openaether -n '__fish_seen_subcommand_from ${command.name()}' -l ${long.slice(2)} -d ${quoted(description)}`,
          ]
        : [],
    ),
  ]);
  return `# fish: openaether completion fish | source\n${lines.join("\n")}\n`;
}
