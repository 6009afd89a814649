//! A command-line shell over the stock tough client; the contract is in ../../README.md.

use serde_json::{json, Value};
use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use tough::error::Error as ToughError;
use tough::schema::Delegations;
use tough::{
    HttpTransport, HttpTransportBuilder, IntoVec, Repository, RepositoryLoader, TargetName,
    TransportError,
};
use url::Url;

const FAILED: u8 = 1;
const NOT_FOUND: u8 = 3;
const REFUSED: u8 = 4;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[derive(Debug)]
struct TargetNotFound(String);

impl std::fmt::Display for TargetNotFound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "target {} not found", self.0)
    }
}

impl Error for TargetNotFound {}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let reason = error.to_string();
            eprintln!(
                "{}",
                reason.split_whitespace().collect::<Vec<_>>().join(" ")
            );
            ExitCode::from(exit_code(error.as_ref()))
        }
    }
}

async fn run() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let options = Options::parse(arguments)?;
    match command.as_str() {
        "init" => init(&options),
        "refresh" => refresh(&options).await,
        "download" => download(&options).await,
        "match" => match_paths(&options),
        _ => Err("expected init, refresh, download or match".into()),
    }
}

fn init(options: &Options) -> Outcome<()> {
    std::fs::create_dir_all(options.dir()?)?;
    std::fs::copy(options.required("root")?, options.dir()?.join("root.json"))?;
    Ok(())
}

async fn refresh(options: &Options) -> Outcome<()> {
    let repository = load(options, options.url("metadata-url")?).await?;
    println!(
        "{}",
        json!({
            "root": repository.root().signed.version,
            "timestamp": repository.timestamp().signed.version,
            "snapshot": repository.snapshot().signed.version,
            "targets": repository.targets().signed.version,
        })
    );
    Ok(())
}

async fn download(options: &Options) -> Outcome<()> {
    if options.no_hash_prefix {
        return Err("tough cannot fetch targets without the hash prefix".into());
    }
    let path = options.required("target")?;
    let repository = load(options, options.url("targets-url")?).await?;
    let name = TargetName::new(path)?;
    let Some(target) = repository.read_target(&name).await? else {
        return Err(TargetNotFound(path.to_owned()).into());
    };
    let content = target.into_vec().await?;
    std::fs::write(options.required("out")?, &content)?;
    // tough has compared the content with the listed hash: that hash is the content's.
    let sha256 = &repository
        .targets()
        .signed
        .find_target(&name, false)?
        .hashes
        .sha256;
    println!(
        "{}",
        json!({ "path": path, "length": content.len(), "sha256": hex::encode(sha256) })
    );
    Ok(())
}

fn match_paths(options: &Options) -> Outcome<()> {
    let content = std::fs::read(options.required("file")?)?;
    let questions: Vec<Value> = serde_json::from_slice(&content)?;
    let answers = questions.iter().map(is_delegated);
    println!("{}", json!(answers.collect::<Outcome<Vec<_>>>()?));
    Ok(())
}

/// None where tough refuses the delegation.
fn is_delegated(question: &Value) -> Outcome<Option<bool>> {
    let path = question["path"].as_str().ok_or("a path is a string")?;
    let mut role = json!({ "name": "asked", "keyids": [], "threshold": 1, "terminating": false });
    match question.get("prefix") {
        Some(prefix) => role["path_hash_prefixes"] = json!([prefix]),
        None => role["paths"] = json!([question["pattern"]]),
    }
    let delegations = serde_json::from_value::<Delegations>(json!({ "keys": {}, "roles": [role] }));
    match delegations {
        Ok(delegations) => Ok(Some(
            delegations.target_is_delegated(&TargetName::new(path)?),
        )),
        Err(_) => Ok(None),
    }
}

async fn load(options: &Options, targets_url: Url) -> Outcome<Repository> {
    // tough keeps its newest trusted root here; starting from it keeps the rollback protection of
    // timestamp and snapshot, which tough forgets when their keys differ from those of the start.
    let root = std::fs::read(options.dir()?.join("root.json"))?;
    let loader = RepositoryLoader::new(&root, options.url("metadata-url")?, targets_url);
    Ok(loader
        .transport(transport())
        .datastore(options.dir()?)
        .load()
        .await?)
}

/// tough sleeps its first back-off before the first try too: 100 ms by default for each of its many requests.
fn transport() -> HttpTransport {
    HttpTransportBuilder::new()
        .initial_backoff(Duration::from_millis(1))
        .build()
}

/// tough reports a hash or length mismatch as a failed transport: the cause inside tells which it is.
fn exit_code(error: &(dyn Error + 'static)) -> u8 {
    if error.is::<TargetNotFound>() {
        return NOT_FOUND;
    }
    match error.downcast_ref::<ToughError>() {
        Some(ToughError::Transport { source, .. }) if !is_mismatch(source) => FAILED,
        Some(
            ToughError::DatastoreCreate { .. }
            | ToughError::DatastoreOpen { .. }
            | ToughError::DatastoreRemove { .. },
        ) => FAILED,
        Some(_) => REFUSED,
        None => FAILED,
    }
}

fn is_mismatch(error: &TransportError) -> bool {
    let cause = error
        .source()
        .and_then(|cause| cause.downcast_ref::<ToughError>());
    matches!(
        cause,
        Some(ToughError::HashMismatch { .. } | ToughError::MaxSizeExceeded { .. })
    )
}

struct Options {
    values: HashMap<String, String>,
    no_hash_prefix: bool,
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut options = Self {
            values: HashMap::new(),
            no_hash_prefix: false,
        };
        while let Some(argument) = arguments.next() {
            if argument == "--no-hash-prefix" {
                options.no_hash_prefix = true;
                continue;
            }
            let option = argument.strip_prefix("--").ok_or("options start with --")?;
            let (name, value) = match option.split_once('=') {
                Some((name, value)) => (name, value.to_owned()),
                None => (option, arguments.next().ok_or("an option needs a value")?),
            };
            options.values.insert(name.to_owned(), value);
        }
        Ok(options)
    }

    fn required(&self, name: &str) -> Outcome<&str> {
        let value = self.values.get(name).map(String::as_str);
        value.ok_or_else(|| format!("--{name} is required").into())
    }

    fn dir(&self) -> Outcome<PathBuf> {
        Ok(Path::new(self.required("dir")?).to_owned())
    }

    fn url(&self, name: &str) -> Outcome<Url> {
        Ok(Url::parse(self.required(name)?)?)
    }
}
