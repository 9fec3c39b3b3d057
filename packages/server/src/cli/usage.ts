import type { Argument, Command, HelpConfiguration } from 'commander'

/**
 * Lets every error of a command line show how the command is used, with the names of its arguments: "missing required
 * argument" alone does not say where it goes. A group's line says where options go, since `naru store --id …` is mostly a
 * misplaced option of one of its commands.
 */
export const explainUsage = (command: Command, path: readonly string[] = []): void => {
  const words = [...path, command.name()]
  const isGroup = command.commands.length > 0
  const usage = isGroup ? '<command> [options], with options after the command' : command.usage()
  command.showHelpAfterError(`\nUsage: ${words.join(' ')} ${usage}\nSee: ${words.join(' ')} --help`)
  for (const child of command.commands) explainUsage(child, words)
}

/** Fits 80 columns: almost every command has options, and commander would not wrap beside the longest names. */
export const helpFormat: HelpConfiguration = {
  minWidthToWrap: 20,
  subcommandTerm: (command) =>
    [
      command.name(),
      ...command.registeredArguments.map((one) => (one.required ? `<${nameOf(one)}>` : `[${nameOf(one)}]`)),
    ].join(' '),
}

const nameOf = (argument: Argument): string => `${argument.name()}${argument.variadic ? '...' : ''}`
