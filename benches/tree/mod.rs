//! Trees that grow in one way at a time.
//!
//! In: how much there is of each kind of code. Out: the files of an app, written below a directory. It leaves alone what is
//! measured.

use std::fs;
use std::io::Result;
use std::path::Path;

/// How much there is of what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Files that have nothing to do with a vendor.
    pub(crate) untouched: usize,
    /// Functions that hand what they get to a vendor, each in a file of its own.
    pub(crate) wrappers: usize,
    /// Components that call such a function.
    pub(crate) callers: usize,
}

/// An app of an ordinary kind.
pub(crate) const PLAIN: Size = Size {
    untouched: 200,
    wrappers: 20,
    callers: 100,
};

/// Writes an app.
pub(crate) fn write(directory: &Path, size: Size) -> Result<()> {
    for part in ["lib", "track", "pages"] {
        fs::create_dir_all(directory.join(part))?;
    }
    let manifest =
        r#"{ "name": "app", "dependencies": { "mixpanel-browser": "2", "react": "18" } }"#;
    fs::write(directory.join("package.json"), manifest)?;
    for index in 0..size.untouched {
        let path = directory.join(format!("lib/part{index}.ts"));
        fs::write(path, untouched(index))?;
    }
    for index in 0..size.wrappers {
        let path = directory.join(format!("track/send{index}.ts"));
        fs::write(path, wrapper(index))?;
    }
    for index in 0..size.callers {
        let path = directory.join(format!("pages/page{index}.tsx"));
        fs::write(path, caller(index, size.wrappers.max(1)))?;
    }
    Ok(())
}

fn untouched(index: usize) -> String {
    let part = |at: usize| {
        format!(
            "export interface Row{index}x{at} {{ id: string; total: number; tags: string[] }}\n\
             export function sum{index}x{at}(rows: Row{index}x{at}[]) {{\n  let total = 0;\n  for (const row of rows) {{\n    \
             if (row.tags.length > {at}) total += row.total * {at};\n  }}\n  return {{ total, label: `rows of ${{total}}` }};\n}}\n"
        )
    };
    (0..20).map(part).collect()
}

fn wrapper(index: usize) -> String {
    format!(
        "import mixpanel from 'mixpanel-browser';\n\
         export function send{index}(event: string, properties: Record<string, unknown> = {{}}) {{\n  \
         mixpanel.track(event, {{ ...properties, surface: 'part {index}' }});\n}}\n"
    )
}

fn caller(index: usize, wrappers: usize) -> String {
    let wrapper = index % wrappers;
    format!(
        "import {{ send{wrapper} }} from '../track/send{wrapper}';\n\
         type User = {{ id: string; email: string; phone: string; plan: {{ name: string }} }};\n\
         export function Page{index}({{ user }}: {{ user: User }}) {{\n  const onSave = () => {{\n    \
         send{wrapper}('Saved {index}', {{ address: user.email, plan: user.plan.name }});\n  }};\n  \
         return <section><h1>Page {index}</h1><button onClick={{onSave}}>Save</button></section>;\n}}\n"
    )
}
