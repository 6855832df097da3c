//! How fast, and in how much memory: whole runs, compared with parsing alone.

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rolecall_source::{DiskFiles, Files};
use rolecall_workspace::{Options, analyse};

const EXAMPLE: &str = "examples/aks-byo-identities/azuredeploy.json";

/// The cases that run in a process of their own, so that each has its own peak of memory.
const CASES: [&str; 5] = ["compiled-3mb", "folder-of-500", "for-each-5000", "for-each-10000", "terraform-600"];

/// Builds everything for release and measures it.
pub fn run(root: &Path) -> anyhow::Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let release = |arguments: &[&str]| {
        let status = Command::new(&cargo).args(arguments).current_dir(root).status()?;
        if status.success() { Ok(()) } else { bail!("cargo {} failed", arguments.join(" ")) }
    };
    release(&["build", "--release", "--quiet", "--package", "rolecall"])?;
    start_up(root)?;
    for case in CASES {
        release(&["run", "--release", "--quiet", "--package", "xtask", "--", "bench", "--case", case])?;
    }
    Ok(())
}

/// One small file, process start included.
fn start_up(root: &Path) -> anyhow::Result<()> {
    const RUNS: usize = 50;
    let binary = root.join("target/release/rolecall");
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        let status = Command::new(&binary)
            .args(["check", "--fail-on", "never", EXAMPLE])
            .current_dir(root)
            .stdout(Stdio::null())
            .status()
            .with_context(|| format!("cannot run {}", binary.display()))?;
        times.push(start.elapsed());
        if !status.success() {
            bail!("{} failed", binary.display());
        }
    }
    times.sort();
    let (fastest, median) = (times[0], times[RUNS / 2]);
    writeln!(std::io::stdout(), "small file, end to end: {} ms (fastest {} ms)", millis(median), millis(fastest))?;
    Ok(())
}

/// One case, in this process.
pub fn one(root: &Path, case: &str) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let example = std::fs::read_to_string(root.join(EXAMPLE))?;
    match case {
        "compiled-3mb" => std::fs::write(folder.path().join("main.json"), compiled(&example, 3_000_000))?,
        "folder-of-500" => {
            for number in 0..500 {
                std::fs::write(folder.path().join(format!("template{number}.json")), &example)?;
            }
        }
        "for-each-5000" => std::fs::write(folder.path().join("main.tf"), for_each(5_000))?,
        "for-each-10000" => std::fs::write(folder.path().join("main.tf"), for_each(10_000))?,
        "terraform-600" => {
            for number in 0..600 {
                let root = folder.path().join(format!("root{number}"));
                std::fs::create_dir(&root)?;
                std::fs::write(root.join("main.tf"), for_each(3))?;
            }
        }
        _ => bail!("there is no case {case}"),
    }
    if !case.starts_with("compiled") && !case.starts_with("folder") {
        return terraform(case, folder.path());
    }
    let (bytes, parsing) = parse_alone(folder.path())?;
    let options = Options { current_dir: folder.path().to_path_buf(), ..Options::default() };
    let start = Instant::now();
    let analysis = analyse(&options)?;
    let whole = start.elapsed();
    let clusters: usize = analysis.deployments.iter().map(|one| one.report.clusters).sum();
    let megabytes = bytes as f64 / 1e6;
    writeln!(
        std::io::stdout(),
        "{case}: {megabytes:.1} MB, {clusters} clusters: {} ms, {:.1} MB/s, {:.1} times parsing alone, peak {}",
        millis(whole),
        megabytes / whole.as_secs_f64(),
        whole.as_secs_f64() / parsing.as_secs_f64(),
        peak().unwrap_or_else(|| "unknown".to_owned()),
    )?;
    Ok(())
}

/// A Terraform case: whole runs alone.
fn terraform(case: &str, folder: &Path) -> anyhow::Result<()> {
    let options = Options { current_dir: folder.to_path_buf(), ..Options::default() };
    let start = Instant::now();
    let analysis = analyse(&options)?;
    let whole = start.elapsed();
    let granted = analysis.deployments.iter().map(|one| one.report.questions.len()).sum::<usize>();
    writeln!(
        std::io::stdout(),
        "{case}: {} deployments, {granted} questions: {} ms, peak {}",
        analysis.deployments.len(),
        millis(whole),
        peak().unwrap_or_else(|| "unknown".to_owned()),
    )?;
    Ok(())
}

/// A cluster with pools in its subnet, and as many identities with a role each as asked for.
fn for_each(count: usize) -> String {
    format!(
        r#"locals {{
  names = toset([for number in range({count}) : "id-${{number}}"])
}}

resource "azurerm_resource_group" "main" {{
  name     = "rg"
  location = "westeurope"
}}

resource "azurerm_virtual_network" "main" {{
  name                = "vnet"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = ["10.0.0.0/16"]
}}

resource "azurerm_subnet" "nodes" {{
  name                 = "nodes"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = ["10.0.0.0/20"]
}}

resource "azurerm_user_assigned_identity" "this" {{
  for_each            = local.names
  name                = each.key
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
}}

resource "azurerm_role_assignment" "network" {{
  for_each             = azurerm_user_assigned_identity.this
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = each.value.principal_id
}}

resource "azurerm_kubernetes_cluster" "main" {{
  name                = "aks"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = "aks"

  default_node_pool {{
    name           = "system"
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.nodes.id
  }}

  identity {{
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.this["id-1"].id]
  }}
}}
"#
    )
}

/// The bytes of a folder's files and how long parsing them takes, one after the other.
fn parse_alone(folder: &Path) -> anyhow::Result<(usize, Duration)> {
    let files = DiskFiles::new(folder)?;
    let mut paths: Vec<PathBuf> = std::fs::read_dir(files.root())?.filter_map(|one| Some(one.ok()?.path())).collect();
    paths.sort();
    let sources = paths.iter().map(|path| files.read(path)).collect::<Result<Vec<_>, _>>()?;
    let start = Instant::now();
    for source in &sources {
        if rolecall_arm::parse(source).template.is_none() {
            bail!("{} is no template", source.path.display());
        }
    }
    Ok((sources.iter().map(|source| source.text.len()).sum(), start.elapsed()))
}

/// A template as the Bicep compiler would write it from one module call after the other, each deploying `module`.
fn compiled(module: &str, size: usize) -> String {
    let mut out = String::from(
        "{\n  \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\",\n  \"contentVersion\": \"1.0.0.0\",\n  \"resources\": [\n",
    );
    let mut number = 0;
    while out.len() < size {
        if number > 0 {
            out.push_str(",\n");
        }
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "{{ \"type\": \"Microsoft.Resources/deployments\", \"apiVersion\": \"2022-09-01\", \"name\": \"module{number}\", \"properties\": {{ \"mode\": \"Incremental\", \"expressionEvaluationOptions\": {{ \"scope\": \"inner\" }}, \"parameters\": {{ \"clusterName\": {{ \"value\": \"aks-{number}\" }}, \"controlPlaneIdentityName\": {{ \"value\": \"id-control-{number}\" }}, \"kubeletIdentityName\": {{ \"value\": \"id-kubelet-{number}\" }}, \"networkResourceGroup\": {{ \"value\": \"rg-network\" }}, \"virtualNetworkName\": {{ \"value\": \"vnet-{number}\" }} }}, \"template\": {module} }} }}"
        );
        number += 1;
    }
    out.push_str("\n  ]\n}\n");
    out
}

fn millis(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}

/// The most memory that this process ever had, as Linux says.
fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(format!("{:.0} MB", kilobytes / 1000.0))
}
