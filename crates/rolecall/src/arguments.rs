//! What can be said on the command line.

use std::path::PathBuf;

use clap::{ArgMatches, Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use rolecall_workspace::Variables;

/// Finds out before deployment which AKS identity cannot work, which lacks a permission, and why.
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, after_help = AFTER_HELP, max_term_width = 120)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Colours: by NO_COLOR, CLICOLOR and CLICOLOR_FORCE, and by whether a terminal reads them, unless this says.
    #[command(flatten)]
    pub color: colorchoice_clap::Color,
}

const AFTER_HELP: &str = "\
Examples:
  rolecall check                                  the current folder
  rolecall check infra --format sarif --output rolecall.sarif
  rolecall check main.json --parameters prod.parameters.json --fail-on warning
  rolecall check infra --var-file prod.tfvars --var private=true
  rolecall explain CustomKubeletIdentityMissingPermissionError

Exit status: 0 nothing wrong, 1 something at or above --fail-on, 2 the run itself failed, 3 no template was found.";

const GRAPH_HELP: &str = "\
Examples:
  rolecall graph infra --format html --output roles.html     a page to open in a browser
  rolecall graph main.bicep --format mermaid                 for the description of a pull request
  rolecall graph main.bicep --format dot | dot -Tsvg -o graph.svg
  rolecall graph --format json | jq '.deployments[].assignments'";

const INIT_HELP: &str = "\
Examples:
  rolecall init                                   ./rolecall.toml
  rolecall init infra                             infra/rolecall.toml";

const RULES_HELP: &str = "\
Examples:
  rolecall rules
  rolecall rules | grep subnet";

const EXPLAIN_HELP: &str = "\
Examples:
  rolecall explain kubelet-identity-without-operator
  rolecall explain CustomKubeletIdentityMissingPermissionError";

const COMPLETIONS_HELP: &str = "\
Examples:
  rolecall completions bash > ~/.local/share/bash-completion/completions/rolecall
  rolecall completions zsh > ~/.zfunc/_rolecall
  rolecall completions fish > ~/.config/fish/completions/rolecall.fish";

const MAN_HELP: &str = "\
Examples:
  rolecall man > rolecall.1
  rolecall man check > rolecall-check.1
  rolecall man check | man -l -";

const LSP_HELP: &str = "\
Examples:
  rolecall lsp            started by an editor, which talks to it: see editors/";

const CHECK_HELP: &str = "\
Examples:
  rolecall check                                  the current folder
  rolecall check infra --select kubelet-identity-without-operator
  rolecall check main.json --parameters prod.parameters.json --assumed
  rolecall check --format json | jq .summary
  rolecall check --format sarif --output rolecall.sarif

Exit status: 0 nothing wrong, 1 something at or above --fail-on, 2 the run itself failed, 3 no template was found.";

const REQUIREMENTS_HELP: &str = "\
Examples:
  rolecall requirements                           the current folder
  rolecall requirements infra --format markdown
  rolecall requirements infra --format az > roles.sh
  rolecall requirements infra --why 'kubelet identity' registry

Exit status: 0 written, 1 a file could not be understood, 2 the run itself failed, 3 no template was found.";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Analyse templates and say what is wrong.
    #[command(after_help = CHECK_HELP)]
    Check(Check),
    /// Write every permission that deployments need, and what grants it.
    #[command(after_help = REQUIREMENTS_HELP)]
    Requirements(Requirements),
    /// Write the resource graph that the rules see, or a picture of who may do what where.
    #[command(after_help = GRAPH_HELP)]
    Graph(Graph),
    /// List the rules.
    #[command(after_help = RULES_HELP)]
    Rules {
        /// How to write them.
        #[arg(long, value_enum, default_value_t = RulesFormat::Table)]
        format: RulesFormat,
    },
    /// Serve an editor: the language server, on standard input and output.
    #[command(after_help = LSP_HELP)]
    Lsp,
    /// Write a commented rolecall.toml from what is found, and say what will be analysed.
    #[command(after_help = INIT_HELP)]
    Init {
        /// The folder to write it in [default: the current folder].
        #[arg(value_name = "FOLDER")]
        path: Option<PathBuf>,
    },
    /// Show the page of a rule; or what an Azure error comes of, and the pages of the rules that prevent it.
    #[command(after_help = EXPLAIN_HELP)]
    Explain {
        /// A rule's id, or an Azure error code.
        #[arg(value_name = "RULE|ERROR-CODE")]
        name: String,
    },
    /// Write the completions of a shell to standard output.
    #[command(after_help = COMPLETIONS_HELP)]
    Completions {
        /// The shell.
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Write the manual page of the program, or of a command, to standard output.
    #[command(after_help = MAN_HELP)]
    Man {
        /// The command.
        #[arg(value_name = "COMMAND")]
        command: Option<String>,
    },
}

/// What to read.
#[derive(Debug, Args)]
pub struct Source {
    /// Folders, templates or parameter files [default: the current folder].
    ///
    /// In a folder, templates that no other links are analysed, and in Terraform the folders that no module call points at;
    /// a template compiled from a Bicep file beside it is analysed where it is named. A file that is a part of deployments
    /// (a module, a parameter file, what they import or load) stands for those, wherever below the root they are; a tfvars
    /// file for the root module beside or above it.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Parameter file to use in place of those beside the templates; of several, later ones win.
    #[arg(long, value_name = "FILE")]
    pub parameters: Vec<PathBuf>,
    /// Values for Terraform's variables.
    #[command(flatten)]
    pub variables: Given,
    /// Terraform plan in JSON (`terraform show -json PLAN`) to analyse; without PATH, only this.
    #[arg(long, value_name = "FILE")]
    pub plan: Vec<PathBuf>,
    /// Nothing outside this folder is read [default: the nearest folder above PATH with .git or rolecall.toml, else
    /// PATH's folder].
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// The configuration [default: the nearest rolecall.toml from PATH up to the root].
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Role assignments that were made outside, as `az role assignment list --all -o json` prints them; may be repeated.
    ///
    /// That list names managed identities by ids that templates do not know: give the output of `az identity list -o json`
    /// as well, and they are told by their names.
    #[arg(long, value_name = "FILE")]
    pub grants: Vec<PathBuf>,
    /// The cache of restored Bicep modules [default: what the nearest bicepconfig.json names, else ~/.bicep].
    #[arg(long, value_name = "DIR")]
    pub module_cache: Option<PathBuf>,
    /// Write to this file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `--var` and `--var-file`, in the order of the command line.
#[derive(Debug, Default)]
pub struct Given(pub Vec<Variables>);

#[derive(Args)]
struct GivenApart {
    /// Value for a Terraform variable; later ones win, and over files that come before.
    #[arg(long, value_name = "NAME=VALUE")]
    var: Vec<String>,
    /// File with values for Terraform variables, beside those that Terraform reads by itself; later ones win, and over
    /// values that come before.
    #[arg(long, value_name = "FILE")]
    var_file: Vec<PathBuf>,
}

impl FromArgMatches for Given {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let apart = GivenApart::from_arg_matches(matches)?;
        let places = |name: &str| matches.indices_of(name).into_iter().flatten();
        let values = places("var").zip(apart.var.into_iter().map(Variables::Value));
        let files = places("var_file").zip(apart.var_file.into_iter().map(Variables::File));
        let mut all: Vec<_> = values.chain(files).collect();
        all.sort_by_key(|(place, _)| *place);
        Ok(Given(all.into_iter().map(|(_, one)| one).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Given::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Given {
    fn augment_args(command: clap::Command) -> clap::Command {
        GivenApart::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        GivenApart::augment_args_for_update(command)
    }
}

/// `rolecall check`.
#[derive(Debug, Args)]
pub struct Check {
    /// What to read.
    #[command(flatten)]
    pub source: Source,
    /// How to write what is found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Take PATH for files that changed: of the current folder, analyse the deployments that they belong to, and no others.
    ///
    /// What is excluded, belongs to no deployment or is gone is no failure, and no PATH means that nothing changed: made for
    /// hooks, and for `git diff --name-only main | xargs rolecall check --changed`.
    #[arg(long)]
    pub changed: bool,
    /// From which level on the exit status is 1.
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "LEVEL")]
    pub fail_on: FailOn,
    /// Run only this rule; may be repeated.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Do not run this rule; may be repeated.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Accept the findings in this file: only new ones count.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write all findings to this file, for --baseline, and accept them.
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<PathBuf>,
    /// Mend what can be mended safely, in the files, and say what is left.
    #[arg(long, conflicts_with_all = ["diff", "write_baseline"])]
    pub fix: bool,
    /// Write what --fix would change, as a diff, and nothing else; the exit status is 1 where that is something.
    #[arg(long, conflicts_with = "write_baseline")]
    pub diff: bool,
    /// With --fix or --diff: mend what must be looked at as well, such as by giving a permission.
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Show every permission that must be granted elsewhere, not one note for each cluster.
    ///
    /// With --fix or --diff the deployment is made to grant them itself.
    #[arg(long)]
    pub assumed: bool,
}

/// `rolecall requirements`.
#[derive(Debug, Args)]
pub struct Requirements {
    /// What to read.
    #[command(flatten)]
    pub source: Source,
    /// How to write what is needed.
    #[arg(long, value_enum, default_value_t = RequirementsFormat::Table)]
    pub format: RequirementsFormat,
    /// Give roles of their own that have exactly the actions, not built-in ones; with `--format az`, `bicep`, `arm` or
    /// `terraform`.
    #[arg(long)]
    pub custom_role: bool,
    /// Explain one need: how it comes about, and what grants it or why nothing does.
    ///
    /// Both are named as findings name them, by a part of the name or id, or by what they are: `kubelet identity`,
    /// `registry`.
    #[arg(long, num_args = 2, value_names = ["IDENTITY", "SCOPE"], conflicts_with = "format")]
    pub why: Vec<String>,
}

/// `rolecall graph`.
#[derive(Debug, Args)]
pub struct Graph {
    /// What to read.
    #[command(flatten)]
    pub source: Source,
    /// How to write the graph.
    #[arg(long, value_enum, default_value_t = GraphFormat::Json)]
    pub format: GraphFormat,
}

/// The formats of `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs; the repository has its JSON Schema.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// JUnit XML, for any pipeline.
    Junit,
    /// Logging commands of Azure Pipelines.
    AzurePipelines,
    /// A page for pull requests and jobs: the missing roles as a table, and what else was found.
    Markdown,
}

/// The formats of `requirements`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RequirementsFormat {
    /// For people.
    Table,
    /// For programs; the repository has its JSON Schema.
    Json,
    /// For pull requests and job summaries.
    Markdown,
    /// The missing role assignments as Bicep, each with its place.
    Bicep,
    /// The same for ARM templates.
    Arm,
    /// The same as Terraform.
    Terraform,
    /// Commands of the Azure CLI that give what is missing, and what must be granted elsewhere.
    Az,
}

/// The formats of `graph`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// The resource graph, for programs.
    Json,
    /// The resource graph, for Graphviz.
    Dot,
    /// Who may do what where, for Markdown.
    Mermaid,
    /// Who may do what where, as a page to open in a browser.
    Html,
}

/// The formats of `rules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RulesFormat {
    /// For people: a line for each rule, with its id, level and title.
    Table,
    /// For programs: rules, the requirements catalogue and Azure's error codes.
    Json,
}

/// From which level on a run fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors.
    Error,
    /// Warnings and errors.
    Warning,
    /// Anything.
    Note,
    /// Nothing.
    Never,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        super::Arguments::command().debug_assert();
    }
}
