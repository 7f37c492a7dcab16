//! What a plain message comes by: a window, a worker, a channel between tabs, a port, a server.
//!
//! In: what a message is posted to, or heard from. Out: whether the one hears the other ([`Media::carries`]). It leaves alone
//! who listens for what (`listeners`), and the wires between processes that the rules name (`wires`).
//!
//! All of them speak of messages in the same words, and none hears what another one brings.

use rustc_hash::{FxHashMap, FxHashSet};

use super::evaluate::Evaluator;
use super::outgoing::with_maker;
use super::value::{Spot, V, Value};
use crate::facts::{Expr, ExprId, FileFacts, Item, Literal, Name};
use crate::link::Module;
use crate::source::FileId;

/// The platform's object that makes a worker, of the file that its first argument names.
const WORKER: &str = "Worker";
/// The one that makes a channel between all documents that name it alike.
const CHANNEL: &str = "BroadcastChannel";
/// Those that bring what a server says.
const SERVERS: [&str; 2] = ["EventSource", "WebSocket"];
/// What makes ports, and their names. A worker that is shared speaks with each page by one.
const PORTS: [&str; 2] = ["MessageChannel", "SharedWorker"];
const PORT: &str = "port";
/// Names of other windows.
const WINDOWS: [&str; 4] = ["contentWindow", "opener", "parent", "top"];
/// What makes the address of a file out of one that is relative to another.
const ADDRESS: &str = "URL";

/// What a message is posted to, or heard from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Medium {
    /// The global object of a file, which may be a page or a worker.
    Own(FileId),
    /// A window that is certainly one.
    Window,
    /// A worker, as the page holds it, made here.
    Worker(Spot),
    /// A channel between tabs, made here.
    Channel(Spot),
    Port,
    Server,
    Unknown,
}

/// The workers and channels of the parsed files.
#[derive(Default)]
pub(super) struct Media {
    /// The files that workers run, by the place where they are made.
    workers: FxHashMap<Spot, FileId>,
    /// What each of these files imports.
    imported: FxHashMap<FileId, FxHashSet<FileId>>,
    /// The names of channels, by the place where they are made.
    channels: FxHashMap<Spot, Name>,
}

impl Media {
    /// Notes a worker or a channel that a call makes.
    pub(super) fn read(
        &mut self,
        evaluator: &Evaluator<'_>,
        file: FileId,
        call: ExprId,
        (callee, args): (ExprId, &[Item]),
    ) {
        let facts = evaluator.program.facts(file);
        let Expr::Global(maker) = facts.expr(callee) else {
            return;
        };
        let Some(first) = args.first().and_then(|it| it.expr()) else {
            return;
        };
        let spot = evaluator.spot(file, call);
        if maker == WORKER {
            let address = address(facts, first);
            let module = address.map(|address| evaluator.program.module(file, address));
            if let Some(Module::File(run)) = module {
                self.workers.insert(spot, run);
                self.imported
                    .entry(run)
                    .or_insert_with(|| imports(evaluator, run));
            }
        } else if maker == CHANNEL
            && let Some(name) = evaluator.expr(file, first).as_str()
        {
            self.channels.insert(spot, name.into());
        }
    }

    /// Whether what is posted to one is heard from the other.
    pub(super) fn carries(&self, posted: Medium, heard: Medium) -> bool {
        match (posted, heard) {
            (Medium::Server, _) | (_, Medium::Server) => false,
            (Medium::Channel(posted), Medium::Channel(heard)) => {
                let names = (self.channels.get(&posted), self.channels.get(&heard));
                !matches!(names, (Some(posted), Some(heard)) if posted != heard)
            }
            (Medium::Channel(_), _) | (_, Medium::Channel(_)) => false,
            (Medium::Port | Medium::Unknown, Medium::Port) | (Medium::Port, Medium::Unknown) => {
                true
            }
            (Medium::Port, _) | (_, Medium::Port) => false,
            (Medium::Worker(worker), Medium::Own(file)) => self.is_run_by(worker, file),
            (Medium::Own(file), Medium::Worker(worker)) => self.is_run_by(worker, file),
            (Medium::Worker(_), Medium::Unknown) | (Medium::Unknown, Medium::Worker(_)) => true,
            (Medium::Worker(_), _) | (_, Medium::Worker(_)) => false,
            // Pages do not hear what a worker posts to whoever made it, and no worker what pages tell each other.
            (Medium::Own(posting), Medium::Own(hearing)) => {
                posting == hearing || !self.is_worker(posting) && !self.is_worker(hearing)
            }
            (Medium::Own(file), Medium::Window) | (Medium::Window, Medium::Own(file)) => {
                !self.is_worker(file)
            }
            (Medium::Own(_) | Medium::Window | Medium::Unknown, _) => true,
        }
    }

    /// Whether a worker may run a file: the one that it is made of, or one that this imports.
    fn is_run_by(&self, worker: Spot, file: FileId) -> bool {
        self.workers.get(&worker).is_none_or(|run| {
            let imported = self.imported.get(run);
            *run == file || imported.is_some_and(|it| it.contains(&file))
        })
    }

    fn is_worker(&self, file: FileId) -> bool {
        self.imported.contains_key(&file)
    }
}

/// What an object is that messages are posted to, or heard from, by a file.
pub(super) fn medium(object: &V, file: FileId) -> Medium {
    let known = object.alternatives().iter().map(|it| of_one(it, file));
    let mut known = known.filter(|it| *it != Medium::Unknown);
    known.next().unwrap_or(Medium::Unknown)
}

fn of_one(object: &V, file: FileId) -> Medium {
    let data = match &**object {
        Value::Nothing | Value::Platform => return Medium::Own(file),
        Value::Data(data) => data,
        // What is put on an object (`worker.onmessage = …`) makes it no other.
        Value::Object(object) => {
            return match object.spreads.as_slice() {
                [only] => of_one(only, file),
                _ => Medium::Unknown,
            };
        }
        _ => return Medium::Unknown,
    };
    let names = with_maker(data);
    let is_window = |name: &Name| WINDOWS.contains(&name.as_str());
    if names.last().is_some_and(is_window) {
        return Medium::Window;
    }
    let made = names.first().and_then(|maker| by_maker(maker, data.spot));
    let is_port = || names.iter().any(|name| name.starts_with(PORT));
    made.unwrap_or_else(|| match is_port() {
        true => Medium::Port,
        false => Medium::Unknown,
    })
}

/// What the platform's object of a name makes.
fn by_maker(maker: &str, spot: Spot) -> Option<Medium> {
    Some(match maker {
        WORKER => Medium::Worker(spot),
        maker if SERVERS.contains(&maker) => Medium::Server,
        CHANNEL => Medium::Channel(spot),
        maker if PORTS.contains(&maker) => Medium::Port,
        _ => return None,
    })
}

/// The relative address of a file that is written out, by itself or as `new URL('./worker.ts', import.meta.url)`.
fn address(facts: &FileFacts, expr: ExprId) -> Option<&str> {
    match facts.expr(facts.uncast(expr)) {
        Expr::Literal(Literal::String(text)) => {
            Some(text.as_str()).filter(|it| it.starts_with('.'))
        }
        Expr::New { callee, args, .. } => match (facts.expr(*callee), args.first()?.expr()?) {
            (Expr::Global(name), first) if name == ADDRESS => match facts.expr(first) {
                Expr::Literal(Literal::String(text)) => Some(text.as_str()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn imports(evaluator: &Evaluator<'_>, file: FileId) -> FxHashSet<FileId> {
    let imports = evaluator.program.facts(file).imports.iter();
    let modules = imports.map(|import| evaluator.program.module(file, &import.specifier));
    modules
        .filter_map(|module| match module {
            Module::File(file) => Some(file),
            _ => None,
        })
        .collect()
}
